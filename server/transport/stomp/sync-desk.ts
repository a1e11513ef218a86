import type { ChannelId } from '../../../shared/domain/ids.js';
import type { Ask, Moment } from '../../../shared/protocol/chain.js';
import type { ErrorFrame, SyncedFrame, SyncFrame } from '../../../shared/protocol/frames.js';
import type { ChannelFeed } from './channel-feed.js';

export interface SyncDeskOptions {
  readonly send: (frame: SyncFrame) => void;
  /** Whether the client takes what it is sent: answers are asked for in its pace. */
  readonly canAsk: () => boolean;
  readonly moment: () => Moment;
  /** A feed got its answer; `gone` when its channel is not the user's (any more). */
  readonly onAnswer: (feed: ChannelFeed, outcome: 'more' | 'done' | 'failed' | 'gone') => void;
}

/** Half of what a session may have under way. */
const MAX_REQUESTS = 2;
const MAX_CHANNELS = 20;
const PAGE = 100;

type Asked = ReadonlyMap<ChannelId, { readonly feed: ChannelFeed; readonly ask: Ask }>;

/** Asks the server what the feeds of a connection miss, when their time has come: several in a request, few requests at once. */
export class SyncDesk {
  readonly #options: SyncDeskOptions;
  readonly #waiting = new Set<ChannelFeed>();
  readonly #requests = new Map<string, Asked>();
  #count = 0;

  constructor(options: SyncDeskOptions) {
    this.#options = options;
  }

  /** When to pump next, by the clock of the moments; Infinity when something else will bring that about. */
  get nextDue(): number {
    if (this.#requests.size >= MAX_REQUESTS) return Infinity;
    let next = Infinity;
    for (const feed of this.#waiting) next = Math.min(next, feed.due ?? Infinity);
    return next;
  }

  /** To be called after anything happened to a feed. */
  watch(feed: ChannelFeed): void {
    if (feed.due === undefined) this.#waiting.delete(feed);
    else this.#waiting.add(feed);
  }

  forget(feed: ChannelFeed): void {
    this.#waiting.delete(feed);
    feed.drop();
  }

  pump(): void {
    while (this.#requests.size < MAX_REQUESTS && this.#options.canAsk()) {
      const asked = this.#choose();
      if (asked.size === 0) return;
      const requestId = `stomp${++this.#count}`;
      this.#requests.set(requestId, asked);
      const channels = [...asked].map(([channelId, { ask }]) => ({ channelId, after: ask.after, ids: [...ask.ids] }));
      this.#options.send({ type: 'sync', requestId, channels, limit: PAGE });
    }
  }

  answer(frame: SyncedFrame): void {
    const asked = this.#take(frame.requestId);
    for (const reply of frame.channels) {
      const entry = asked.get(reply.channelId);
      if (entry === undefined) continue;
      const outcome = entry.feed.answer(reply, entry.ask, this.#options.moment());
      if (outcome !== 'gone') this.watch(entry.feed);
      this.#options.onAnswer(entry.feed, outcome);
    }
  }

  /** False when the error is about something else. */
  refuse(frame: ErrorFrame): boolean {
    if (frame.requestId === undefined) return false;
    for (const { feed } of this.#take(frame.requestId).values()) {
      feed.fail(this.#options.moment().now, frame.retryAfterMs);
      this.watch(feed);
      this.#options.onAnswer(feed, 'failed');
    }
    return true;
  }

  #choose(): Asked {
    const { now } = this.#options.moment();
    const asked = new Map<ChannelId, { readonly feed: ChannelFeed; readonly ask: Ask }>();
    for (const feed of this.#waiting) {
      if (asked.size >= MAX_CHANNELS) break;
      // Answers are told apart by their channel.
      if (asked.has(feed.channelId) || (feed.due ?? Infinity) > now) continue;
      this.#waiting.delete(feed);
      asked.set(feed.channelId, { feed, ask: feed.ask() });
    }
    return asked;
  }

  #take(requestId: string): Asked {
    const asked = this.#requests.get(requestId) ?? new Map<never, never>();
    this.#requests.delete(requestId);
    return asked;
  }
}
