import type { ServerOptions, WebSocket } from 'ws';
import { MAX_FRAGMENTS, UNREAD_PONG_BYTES } from './engine.js';

/**
 * What all WebSockets here have in common: no compression (a deflate context costs 100 KB, and a small frame may
 * unpack to a large one), no set of clients, and bounds on what a message may be cut into.
 */
export const WS_SETTINGS = {
  noServer: true,
  perMessageDeflate: false,
  clientTracking: false,
  autoPong: false,
  maxFragments: MAX_FRAGMENTS,
  maxBufferedChunks: 16_384,
} as const satisfies ServerOptions;

/** The listener that `autoPong` would be, but that it ends a peer which pings without reading. */
export function answerPing(this: WebSocket, data: Buffer): void {
  if (this.bufferedAmount > UNREAD_PONG_BYTES) this.terminate();
  else if (this.readyState === this.OPEN) this.pong(data);
}
