/** The versions that are spoken here, newest first. */
export const STOMP_VERSIONS = ['1.2', '1.1', '1.0'] as const;
export type StompVersion = (typeof STOMP_VERSIONS)[number];

export const CLIENT_COMMANDS = [
  'CONNECT',
  'STOMP',
  'SEND',
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'ACK',
  'NACK',
  'BEGIN',
  'COMMIT',
  'ABORT',
  'DISCONNECT',
] as const;
export type ClientCommand = (typeof CLIENT_COMMANDS)[number];

/** A frame from a client. Of a repeated header the first one counts. */
export interface StompFrame {
  readonly command: ClientCommand;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** What one frame may take; a frame beyond that ends the connection with TOO_LARGE. */
export interface StompLimits {
  readonly headers: number;
  /** Bytes of the command and all headers: a token of 4 KiB, escaped, and some more. */
  readonly headBytes: number;
  readonly bodyBytes: number;
}
