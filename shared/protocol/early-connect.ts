import type { ConnectFrame } from './frames.js';

/** Agreed on when the connect frame came with the upgrade request: `hello` follows the 101 at once (docs/adr/0014-early-connect.md). */
export const EARLY_CONNECT_SUBPROTOCOL = 'warren.v1';
/** What comes before the frame in the name of the other subprotocol that is offered. */
export const EARLY_CONNECT_PREFIX = 'warren.connect.';

/**
 * The subprotocols (`Sec-WebSocket-Protocol`, RFC 6455 section 11.3.4) that offer a connect frame with the upgrade request: its JSON,
 * percent-encoded so that it is a token of HTTP. It comes first because a server that does not know it agrees to the first one, and so
 * tells that it has to be sent as a frame.
 */
export function offerConnect(frame: ConnectFrame): [string, string] {
  const encoded = encodeURIComponent(JSON.stringify(frame)).replace(/[()]/g, (char) => (char === '(' ? '%28' : '%29'));
  return [EARLY_CONNECT_PREFIX + encoded, EARLY_CONNECT_SUBPROTOCOL];
}

/** The frame's JSON in what a client offers; undefined when it offers none. What cannot be decoded is returned as it came, to be refused as a frame. */
export function findOfferedConnect(offered: readonly string[]): string | undefined {
  if (!offered.includes(EARLY_CONNECT_SUBPROTOCOL)) return undefined;
  const encoded = offered.find((name) => name.startsWith(EARLY_CONNECT_PREFIX))?.slice(EARLY_CONNECT_PREFIX.length);
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
