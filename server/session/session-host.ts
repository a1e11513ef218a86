import type { ClientFrame, ConnectFrame, HelloFrame } from '../../shared/protocol/frames.js';
import type { Identity, Session } from './session.js';
import type { TurnFlusher } from './turn-flusher.js';

/** Frames that the chat layer answers. */
export type ChatFrame = Exclude<ClientFrame, { readonly type: 'connect' } | { readonly type: 'ping' }>;

/** What a session needs of the server around it. */
export interface SessionHost {
  readonly flusher: TurnFlusher;
  readonly outboxBytes: number;
  /** Monotonic milliseconds. */
  now(): number;
  /** Checks the ticket or token and makes the session findable (its route); rejects with ChatError. */
  connect(session: Session, frame: ConnectFrame): Promise<Identity>;
  hello(session: Session): HelloFrame;
  /** After hello has been queued. */
  opened(session: Session): void;
  /** The connection ended while `connect` was under way: what it registered must go. */
  abandoned(session: Session): void;
  handle(session: Session, frame: ChatFrame): void;
  ended(session: Session, how: { readonly wasOpen: boolean; readonly code: number }): void;
}
