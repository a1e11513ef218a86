import type { CloseReason } from '../../shared/protocol/close-codes.js';

/**
 * The one thing that sessions know of a transport: bytes of frames, out in messages of one or more frames separated by
 * a line feed, in as they come. A transport authenticates nobody and understands no frame.
 */
export interface Connection {
  readonly transport: 'websocket' | 'sockjs-websocket' | 'sockjs-http';
  readonly remoteAddress: string;
  /** Bytes handed over and not yet taken by the network. */
  readonly bufferedBytes: number;
  send(message: Uint8Array): void;
  /** Tells the peer why; ends the connection even if the peer does not answer. */
  close(reason: CloseReason): void;
}

/** What a transport calls. After `closed` it calls nothing more. */
export interface ConnectionHandler {
  received(message: Uint8Array): void;
  /** The network took what was buffered. */
  drained(): void;
  closed(code: number): void;
}

export type AcceptConnection = (connection: Connection) => ConnectionHandler;
