import type { ChatError } from '../../shared/errors/chat-error.js';
import type { ClientFrame, ConnectFrame } from '../../shared/protocol/frames.js';
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
  /** Checks the ticket or token; throws or rejects with ChatError. */
  identify(frame: ConnectFrame): Identity | Promise<Identity>;
  /** Makes the session, which has its identity, findable (its route); resolves with why not, when its device was logged out. Rejects with ChatError. */
  admit(session: Session): Promise<ChatError | undefined>;
  /** The JSON of its hello frame. */
  hello(session: Session): string;
  /** After hello has been queued. */
  opened(session: Session): void;
  /** The connection ended while `admit` was under way: what it registered must go. */
  abandoned(session: Session): void;
  handle(session: Session, frame: ChatFrame): void;
  ended(session: Session, how: { readonly wasOpen: boolean; readonly code: number }): void;
}
