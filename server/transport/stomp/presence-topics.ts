import type { TeamId } from '../../../shared/domain/ids.js';
import { ChatError } from '../../../shared/errors/chat-error.js';
import type { ErrorFrame, PresenceFrame, UnwatchFrame, WatchFrame } from '../../../shared/protocol/frames.js';
import type { ServerStompFrame } from './encode.js';
import { presenceMessage } from './message-frame.js';
import type { Subscription } from './subscription.js';

export interface PresenceTopicsOptions {
  readonly send: (frame: WatchFrame | UnwatchFrame) => void;
  readonly write: (frame: ServerStompFrame) => void;
}

interface Waiting {
  readonly teamId: TeamId;
  readonly arrived: () => void;
  readonly refused: (error: ChatError) => void;
}

/**
 * The subscriptions of one connection to the presence of teams: to the session, one watch a team. Each further subscription to a team brings
 * all of them another snapshot. Nothing is acknowledged or resumed: the snapshot is all there is to know.
 */
export class PresenceTopics {
  readonly #options: PresenceTopicsOptions;
  readonly #byTeam = new Map<TeamId, Set<Subscription>>();
  /** By the request that is not answered yet. */
  readonly #waiting = new Map<string, Waiting>();
  #requests = 0;
  #messages = 0;

  constructor(options: PresenceTopicsOptions) {
    this.#options = options;
  }

  /** Resolves with the snapshot. Rejects with ChatError NOT_FOUND, FORBIDDEN and what else a watch is refused with. */
  subscribe(subscription: Subscription, teamId: TeamId): Promise<void> {
    this.#byTeam.set(teamId, (this.#byTeam.get(teamId) ?? new Set()).add(subscription));
    const requestId = `presence${++this.#requests}`;
    const answered = new Promise<void>((arrived, refused) => this.#waiting.set(requestId, { teamId, arrived, refused }));
    this.#options.send({ type: 'watch', requestId, teamId });
    return answered;
  }

  unsubscribe(subscription: Subscription, teamId: TeamId): void {
    const subscriptions = this.#byTeam.get(teamId);
    if (subscriptions?.delete(subscription) !== true || subscriptions.size > 0) return;
    this.#byTeam.delete(teamId);
    this.#options.send({ type: 'unwatch', teamId });
    this.#settle(teamId, ({ arrived }) => arrived());
  }

  take(frame: PresenceFrame): void {
    const { teamId, ended } = frame;
    for (const { id: subscription, destination } of this.#byTeam.get(teamId) ?? []) {
      const messageId = `presence.${++this.#messages}`;
      this.#options.write(presenceMessage(frame, { subscription, destination, messageId }));
    }
    if (ended === true) {
      this.#byTeam.delete(teamId);
      this.#settle(teamId, ({ refused }) => refused(new ChatError('NOT_FOUND')));
    } else if (frame.snapshot === 'last') this.#settle(teamId, ({ arrived }) => arrived());
  }

  /** False when the error is about something else. */
  refuse(frame: ErrorFrame, error: ChatError): boolean {
    const waiting = frame.requestId === undefined ? undefined : this.#waiting.get(frame.requestId);
    if (waiting === undefined) return false;
    this.#waiting.delete(frame.requestId ?? '');
    waiting.refused(error);
    return true;
  }

  #settle(teamId: TeamId, settle: (waiting: Waiting) => void): void {
    for (const [requestId, waiting] of this.#waiting) {
      if (waiting.teamId !== teamId) continue;
      this.#waiting.delete(requestId);
      settle(waiting);
    }
  }
}
