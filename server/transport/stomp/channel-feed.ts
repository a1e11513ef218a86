import { messageFromEvent, type ChatEvent, type MessageEvent } from '../../../shared/domain/events.js';
import { formatId, ID_EPOCH_MS, type ChannelId, type EventId } from '../../../shared/domain/ids.js';
import type { Message } from '../../../shared/domain/model.js';
import { Chain, type Ask, type Moment } from '../../../shared/protocol/chain.js';
import type { SyncedChannel } from '../../../shared/protocol/frames.js';

/** What a subscriber is told. `position` is the event it stands for: items of a channel come in its order. */
export type FeedItem =
  | { readonly kind: 'message' | 'changed'; readonly position: EventId; readonly message: Message }
  | { readonly kind: 'event'; readonly position: EventId; readonly event: Exclude<ChatEvent, MessageEvent> };

/** `now`: what is there already is not told. `after`: what came after `start` is. `next`: as `after`, but nothing is asked for until something shows to be missing. */
export type Beginning = 'now' | 'after' | 'next';

export interface ChannelFeedOptions {
  readonly channelId: ChannelId;
  readonly start: EventId;
  readonly beginning: Beginning;
  readonly moment: Moment;
  readonly budget: HeldBudget;
  readonly deliver: (item: FeedItem, feed: ChannelFeed) => void;
}

/** Bytes that the feeds of one connection hold back, about. */
export interface HeldBudget {
  bytes: number;
}

const MAX_HELD = 256;
const MAX_HELD_BYTES = 4 * 1024 * 1024;
const ITEM_BYTES = 512;
const RETRY_MS = { first: 1_000, most: 30_000 };

/**
 * One channel as one subscription sees it: the device's half of the protocol, for clients that have none. Events that come
 * before their predecessor wait a moment for it, then what is missing is asked for; so a plain client gets everything, and in order.
 * What could not be had in time comes late. While the server cannot answer, live events go on and the question stays open.
 */
export class ChannelFeed {
  readonly channelId: ChannelId;
  readonly #options: ChannelFeedOptions;
  #chain: Chain;
  #silent: boolean;
  #waiting = true;
  /** An event came that does not say what is before it: it waits for the answer. */
  #unsure = false;
  #overflowed = false;
  #failures = 0;
  #asking = false;
  #continuing = false;
  #askAt: number | undefined;
  readonly #held = new Map<string, { readonly item: FeedItem; readonly bytes: number }>();

  constructor(options: ChannelFeedOptions) {
    this.#options = options;
    this.channelId = options.channelId;
    this.#chain = new Chain(options.start);
    this.#silent = options.beginning === 'now';
    if (options.beginning === 'next') this.#settleAt(options.start, options.moment);
    else this.#askAt = options.moment.now;
  }

  /** Where a later subscription may begin without missing anything that this one has not been told. */
  get cursor(): EventId {
    return this.#chain.cursor;
  }

  /** Nothing is known to be missing. */
  get settled(): boolean {
    return this.#chain.whole;
  }

  /** When it wants to ask, by the clock of its moments; undefined for not at all. */
  get due(): number | undefined {
    if (this.#asking) return undefined;
    if (this.#askAt !== undefined) return this.#askAt;
    return this.#chain.askAt;
  }

  ask(): Ask {
    this.#asking = true;
    this.#askAt = undefined;
    if (!this.#continuing) this.#chain.beginCatchUp();
    return this.#chain.ask();
  }

  askBy(time: number): void {
    this.#askAt = Math.min(this.#askAt ?? Infinity, time);
  }

  /** A live event, or the one that an ack stands for. */
  take(event: ChatEvent, moment: Moment): void {
    const known = event.type === 'message' && event.messageId !== undefined && this.#chain.hasSeen(event.messageId);
    const { fresh, unknown } = this.#chain.observe(event, moment);
    if (!fresh) return;
    if (unknown) {
      this.#unsure = true;
      this.askBy(moment.now);
    }
    if (!known) this.#hold(itemOf(event));
    if (this.#isOverfull()) this.#overflow();
    else this.#release();
  }

  /** `gone`: the user is no member. */
  answer(reply: SyncedChannel, ask: Ask, moment: Moment): 'more' | 'done' | 'failed' | 'gone' {
    this.#asking = false;
    if (reply.error === 'NOT_FOUND' || reply.error === 'FORBIDDEN') return 'gone';
    if (!this.#silent) this.#collect(reply, ask);
    const outcome = this.#chain.answer(reply, ask, moment);
    this.#continuing = outcome === 'more';
    if (outcome === 'more') this.#takePage(reply.cursor, moment.now);
    else if (outcome === 'done') this.#finish(reply.cursor, moment.now);
    else if (this.#silent) this.#settleAt(newestOf(reply), moment);
    else this.fail(moment.now);
    return outcome;
  }

  /** The question was not answered, or not wholly: it is asked again, later and later. */
  fail(now: number, atLeastMs = 0): void {
    this.#asking = false;
    this.#continuing = false;
    this.#waiting = false;
    this.#unsure = false;
    this.#askAt = now + Math.max(atLeastMs, Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** this.#failures));
    this.#failures = Math.min(this.#failures + 1, 10);
    this.#release();
  }

  drop(): void {
    for (const key of [...this.#held.keys()]) this.#forget(key);
  }

  #takePage(cursor: EventId, now: number): void {
    this.#askAt = now;
    this.#release(cursor);
  }

  #finish(cursor: EventId, now: number): void {
    this.#failures = 0;
    this.#unsure = false;
    if (this.#overflowed) {
      // What could not be held is asked for from where everything has been told.
      this.#overflowed = false;
      this.#chain = new Chain(cursor);
      this.#takePage(cursor, now);
      return;
    }
    this.#silent = false;
    this.#waiting = true;
    this.#release();
  }

  /** Begins at that event, and nothing is asked for. */
  #settleAt(cursor: EventId, moment: Moment): void {
    const { channelId } = this;
    this.#chain = new Chain([this.#options.start, cursor, this.#newestHeld()].reduce((a, b) => (a > b ? a : b)));
    const ask = this.#chain.ask();
    this.#chain.answer({ channelId, messages: [], events: [], cursor: ask.after, more: false, archivedThrough: ask.after }, ask, moment);
    this.#silent = false;
    this.#unsure = false;
    this.#release();
  }

  #collect(reply: SyncedChannel, ask: Ask): void {
    for (const message of reply.messages) {
      const { id, updatedId } = message;
      if (id > this.#options.start && !this.#chain.hasSeen(id)) {
        if (!message.voided) this.#hold({ kind: 'message', position: updatedId, message });
      } else if (updatedId !== id && (ask.ids.length > 0 || !this.#chain.hasSeen(updatedId)))
        this.#hold({ kind: 'changed', position: updatedId, message });
    }
    for (const event of reply.events) if (!this.#chain.hasSeen(event.id)) this.#hold(itemOf(event));
  }

  #hold(item: FeedItem): void {
    const key = keyOf(item);
    this.#forget(key);
    const bytes = ITEM_BYTES + textLength(item) * 2;
    this.#held.set(key, { item, bytes });
    this.#options.budget.bytes += bytes;
  }

  #forget(key: string): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    this.#held.delete(key);
    this.#options.budget.bytes -= held.bytes;
  }

  #isOverfull(): boolean {
    return this.#held.size > MAX_HELD || (this.#held.size > 1 && this.#options.budget.bytes > MAX_HELD_BYTES);
  }

  #overflow(): void {
    if (!this.#unsure && !this.#chain.catchingUp) {
      this.#release(this.#newestHeld());
      return;
    }
    this.drop();
    this.#overflowed = true;
  }

  #newestHeld(): EventId {
    return [...this.#held.values()].reduce((newest, { item }) => (item.position > newest ? item.position : newest), '' as EventId);
  }

  /** Tells what waits for nothing; with `through`, whatever is not after that. */
  #release(through?: EventId): void {
    if (this.#held.size === 0) return;
    if (through === undefined && this.#waiting && (this.#unsure || this.#chain.catchingUp)) return;
    const barrier = this.#waiting && through === undefined ? this.#barrier() : undefined;
    const items = [...this.#held].map(([key, { item }]) => ({ key, item })).sort((a, b) => compare(a.item, b.item));
    for (const { key, item } of items) {
      if (barrier !== undefined && item.position > barrier) return;
      if (through !== undefined && item.position > through) return;
      this.#forget(key);
      this.#options.deliver(item, this);
    }
  }

  /** The oldest event that is missing and has not been asked for yet. */
  #barrier(): EventId | undefined {
    const holes = this.#chain.holes.filter(({ asked }) => asked === 0).map(({ id }) => id);
    return holes.length === 0 ? undefined : holes.reduce((a, b) => (a < b ? a : b));
  }
}

/** Smaller than every id of that moment and later. */
export function startOf(ms: number): EventId {
  return formatId(Math.max(ID_EPOCH_MS, Math.floor(ms)), 0, 0) as EventId;
}

function itemOf(event: ChatEvent): FeedItem {
  if (event.type !== 'message') return { kind: 'event', position: event.id, event };
  return { kind: 'message', position: event.id, message: messageOf(event) };
}

const messages = new WeakMap<MessageEvent, Message>();

/** One object for all subscribers that are told of the same event object. */
function messageOf(event: MessageEvent): Message {
  const known = messages.get(event);
  if (known !== undefined) return known;
  const message = messageFromEvent(event);
  messages.set(event, message);
  return message;
}

function keyOf(item: FeedItem): string {
  return item.kind === 'event' ? `event ${item.position}` : `${item.kind} ${item.message.id}`;
}

function textLength(item: FeedItem): number {
  if (item.kind !== 'event') return item.message.content.length;
  return item.event.type === 'edit' ? item.event.content.length : 0;
}

function compare(a: FeedItem, b: FeedItem): number {
  if (a.position !== b.position) return a.position < b.position ? -1 : 1;
  return Number(a.kind === 'changed') - Number(b.kind === 'changed');
}

function newestOf(reply: SyncedChannel): EventId {
  const ids = [...reply.messages.map(({ updatedId }) => updatedId), ...reply.events.map(({ id }) => id), reply.cursor];
  return ids.reduce((a, b) => (a > b ? a : b));
}
