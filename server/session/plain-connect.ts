import { CONNECT_CHARS, type ConnectFrame } from '../../shared/protocol/frames.js';

/**
 * The first frame of nearly every connection, checked by hand: the same rules as `connectFrame` of the protocol, because all come at once when
 * a server is gone. Anything else about a frame (a ticket, a mistake) is the schema's to judge.
 */
export function asPlainConnect(json: unknown): ConnectFrame | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { type, version, token, ticket, client } = json as Readonly<Record<string, unknown>>;
  if (type !== 'connect' || ticket !== undefined || !Number.isSafeInteger(version)) return undefined;
  if (typeof token !== 'string' || token.length === 0 || token.length > CONNECT_CHARS.token) return undefined;
  if (client !== undefined && (typeof client !== 'string' || client.length > CONNECT_CHARS.client)) return undefined;
  return { type, version: version as number, token, client };
}
