import { ChatError } from '../../shared/errors/chat-error.js';
import type { CommandFrame } from '../../shared/protocol/frames.js';
import type { Session } from '../session/session.js';

/** Commands of one session that may wait for a check; more are refused. */
const MAX_WAITING = 1_000;

interface Lane {
  tail: Promise<void>;
  waiting: number;
}

/** Whether a command may be done: undefined when it may, and at once; else resolves when it may. Rejects with ChatError. */
export type CommandCheck = (session: Session, frame: CommandFrame) => Promise<void> | undefined;

/**
 * Commands of a session are admitted in the order in which they came, so that one that has to wait for a look-up is not
 * overtaken by the next. Most need no look-up and pass at once.
 */
export class Admission {
  readonly #check: CommandCheck;
  readonly #lanes = new WeakMap<Session, Lane>();

  constructor(check: CommandCheck) {
    this.#check = check;
  }

  /** Undefined when the command may go on at once; else resolves when it may. Rejects with what the check rejects with, or OVERLOADED. */
  enter(session: Session, frame: CommandFrame): Promise<void> | undefined {
    const lane = this.#lanes.get(session);
    if (lane !== undefined) return this.#enterBehind(lane, session, frame);
    const admitted = this.#check(session, frame);
    if (admitted !== undefined) this.#follow(session, admitted);
    return admitted;
  }

  #enterBehind(lane: Lane, session: Session, frame: CommandFrame): Promise<void> {
    if (lane.waiting >= MAX_WAITING) return Promise.reject(new ChatError('OVERLOADED', { details: { retryAfterMs: 500 } }));
    const admitted = lane.tail.then(() => this.#check(session, frame));
    this.#follow(session, admitted);
    return admitted;
  }

  #follow(session: Session, admitted: Promise<void>): void {
    const lane = this.#lanes.get(session) ?? { tail: admitted, waiting: 0 };
    lane.waiting += 1;
    lane.tail = admitted
      .catch(() => undefined)
      .then(() => {
        lane.waiting -= 1;
        if (lane.waiting === 0) this.#lanes.delete(session);
      });
    this.#lanes.set(session, lane);
  }
}
