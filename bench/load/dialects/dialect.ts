import type { LoadUser } from '../protocol.js';

/** What a dialect reads out of a frame; everything else that a system says is of no interest to a load. */
export interface Incoming {
  ready(): void;
  message(channelId: string, id: string, content: string): void;
  ack(clientId: string): void;
  /** A message that was refused, or undefined for the connection. */
  error(clientId: string | undefined, text: string): void;
  reply(text: string): void;
}

export interface Outgoing {
  /** The user whom the message is for, where a system wants to know. */
  readonly to: string;
  readonly channelId: string;
  readonly clientId: string;
  readonly content: string;
}

/** How one system is spoken to over a WebSocket. Each does the same work for a message: one JSON text made, one parsed. */
export interface Dialect {
  /** Several frames may share a WebSocket message, separated by a line feed. */
  readonly joinsFrames: boolean;
  /** Said by the client now and then, so that it is not taken for gone. */
  readonly heartbeat: string | undefined;
  address(user: LoadUser): string;
  /** Offered with the upgrade request, if any. */
  subprotocols?(user: LoadUser): string[];
  /** Said once the socket is open, if the client speaks first. */
  greeting(user: LoadUser): string | undefined;
  encode(outgoing: Outgoing): string;
  decode(text: string, incoming: Incoming): void;
}
