import type { ChatError } from '../../shared/errors/chat-error.js';
import type { CommandFrame } from '../../shared/protocol/frames.js';
import type { Committed } from '../../shared/routing/event-draft.js';
import type { CommitListener } from '../../shared/routing/pipeline-job.js';
import type { Session } from '../session/session.js';

/** Tells a session what became of its command: one object for both answers, because every command has one and it lives as long as that is under way. */
export class CommandAnswer implements CommitListener {
  readonly #session: Session;
  readonly #frame: CommandFrame;
  readonly #explain: (error: unknown) => ChatError;

  constructor(session: Session, frame: CommandFrame, explain: (error: unknown) => ChatError) {
    this.#session = session;
    this.#frame = frame;
    this.#explain = explain;
  }

  committed(committed: Committed): void {
    this.#session.push(Buffer.from(encodeAck(this.#frame, committed)));
  }

  failed(error: unknown): void {
    this.#session.sendError(this.#explain(error), { clientId: this.#frame.clientId });
  }
}

/** The JSON of an `AckFrame`; by hand, because every command pays for it. */
export function encodeAck(frame: CommandFrame, committed: Committed): string {
  const { id, messageId, prev, createdAt } = committed;
  const about = messageId === id ? '' : `"messageId":"${messageId}",`;
  const clientId = JSON.stringify(frame.clientId);
  return `{"type":"ack","clientId":${clientId},"channelId":"${frame.channelId}","id":"${id}",${about}"prev":"${prev}","createdAt":"${createdAt}"}`;
}
