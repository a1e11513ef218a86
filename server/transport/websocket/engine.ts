import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AcceptCarrier } from '../connection.js';
import type { Door } from '../door.js';

export interface EngineOptions {
  readonly accept: AcceptCarrier;
  readonly door: Door;
  /** Bytes of a message, whatever it is cut into. */
  readonly maxMessageBytes: number;
  /** The first one that the client offers as well is agreed on; none of them, and none is. Without the list, whatever the client names first. */
  readonly subprotocols?: readonly string[] | undefined;
  /** A client's first message may come with its request, as `offerConnect` puts it: then the 101 waits for the first answer, and leaves in one write with it. */
  readonly earlyConnect?: boolean | undefined;
}

/** Speaks RFC 6455 on a socket that asked for it, and makes a connection of it; one that asked wrongly is refused with 400 or 405. */
export interface WebSocketEngine {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** How long a 101 waits for the first answer: a client must be able to tell a server that is slow from a path that lets no WebSocket through. */
export const HOLD_MS = 1_000;
/** A peer that does not answer a close frame is cut off after this long. */
export const CLOSE_WAIT_MS = 3_000;
/** Answers to pings that may wait for a peer that does not read; beyond them it is cut off. */
export const UNREAD_PONG_BYTES = 64 * 1024;
/** Frames that one message may be cut into. */
export const MAX_FRAGMENTS = 2_048;
