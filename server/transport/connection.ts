/** Why a connection ends: a code of ours, of a transport, or of RFC 6455. */
export interface ClosingWord {
  readonly code: number;
  readonly reason: string;
}

/** What carries bytes. */
export type Carrier = 'websocket' | 'sockjs-websocket' | 'sockjs-http';
/** A STOMP client on one of them. */
export type StompOver = `stomp-${Carrier}`;

/**
 * The one thing that sessions know of a transport: bytes of frames, out in messages of one or more frames separated by
 * a line feed, in as they come. A transport authenticates nobody and understands no frame.
 */
export interface Connection {
  readonly transport: Carrier | StompOver;
  readonly remoteAddress: string;
  /** Bytes handed over and not yet taken by the network. */
  readonly bufferedBytes: number;
  /** One message of these frames. They are only read: others may be sent the same bytes. */
  send(frames: readonly Uint8Array[]): void;
  /** Tells the peer why; ends the connection even if the peer does not answer. */
  close(reason: ClosingWord): void;
}

/** What a transport calls. After `closed` it calls nothing more. */
export interface ConnectionHandler {
  received(message: Uint8Array): void;
  /** The network took what was buffered. */
  drained(): void;
  closed(code: number): void;
}

export type AcceptConnection = (connection: Connection) => ConnectionHandler;
/** As a transport calls it: with what itself is. */
export type AcceptCarrier = (connection: Connection & { readonly transport: Carrier }) => ConnectionHandler;
