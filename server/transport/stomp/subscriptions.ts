import type { ChatEvent } from '../../../shared/domain/events.js';
import { idTime, isId, NO_EVENT, type ChannelId, type EventId } from '../../../shared/domain/ids.js';
import { ChatError } from '../../../shared/errors/chat-error.js';
import type { Moment } from '../../../shared/protocol/chain.js';
import type { ChannelFrame, ReceiptsFrame } from '../../../shared/protocol/frames.js';
import type { AckMode } from './ack-ledger.js';
import { startOf, type Beginning, type ChannelFeed, type HeldBudget } from './channel-feed.js';
import type { CursorKeeper } from './cursor-keeper.js';
import { topicOf } from './destinations.js';
import type { ServerStompFrame } from './encode.js';
import type { StompFrame, StompVersion } from './frame.js';
import { channelNotice } from './message-frame.js';
import { invalid } from './parser.js';
import type { PresenceTopics } from './presence-topics.js';
import { receiptMessage } from './receipt-frames.js';
import { Subscription } from './subscription.js';
import type { SyncDesk } from './sync-desk.js';

export interface SubscriptionsOptions {
  readonly version: StompVersion;
  readonly desk: SyncDesk;
  readonly keeper: CursorKeeper;
  readonly presence: PresenceTopics;
  /** The user's channels. Rejects with UNAVAILABLE. */
  readonly listChannels: () => Promise<readonly ChannelId[]>;
  readonly moment: () => Moment;
  /** The client has taken in a channel's events up to there. */
  readonly onAcknowledged: (moves: ReadonlyMap<ChannelId, EventId>) => void;
  readonly write: (frame: ServerStompFrame) => void;
}

const MAX_SUBSCRIPTIONS = 100;
/** Channels that the subscriptions of a connection follow, but for the one which follows the most: that is the user's to decide. */
const MAX_OTHER_FEEDS = 1_000;
/** Messages that a subscription may leave without an acknowledgement. */
const MAX_UNACKED = 2_000;
/** Servers' clocks, and events on their way, may differ by this much: a beginning by the clock lies so far back. */
const MARGIN_MS = 5_000;
/** One event id says for its own channel exactly where to resume; for the others about as well as clocks and holes allow. */
const ACROSS_CHANNELS_MS = 120_000;
/** Beside the channels in a device's cursors: since when its subscription to all of them has known of every channel. */
const SINCE = '*';

/** The subscriptions of one connection. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #all = new Map<string, Subscription>();
  readonly #budget: HeldBudget = { bytes: 0 };
  /** Receipts that wait for the first answers of feeds. */
  readonly #arrivals = new Map<ChannelFeed, { readonly arrived: () => void; readonly refused: (error: ChatError) => void }>();
  #count = 0;

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /** Resolves once the server has let it in, with where it begins. Rejects with ChatError. */
  async subscribe({ headers }: StompFrame): Promise<EventId | undefined> {
    const topic = topicOf(headers.get('destination'));
    const ackMode = ackModeOf(headers.get('ack'));
    if (topic.kind === 'presence' && ackMode !== 'auto') throw invalid('presence is not acknowledged: leave ack out, or say auto');
    const resume = resumeOf(headers.get('last-event-id'));
    const subscription = new Subscription({
      id: headers.get('id'),
      topic,
      ackMode,
      number: ++this.#count,
      start: startOf(this.#options.moment().serverNow - MARGIN_MS),
      budget: this.#budget,
      write: this.#options.write,
    });
    this.#add(keyOf(headers, this.#options.version), subscription);
    if (topic.kind === 'presence') await this.#options.presence.subscribe(subscription, topic.teamId);
    if (topic.kind === 'channel') return this.#beginChannel(subscription, topic.channelId, { ackMode, resume });
    if (topic.kind === 'mine' && (resume !== undefined || ackMode !== 'auto')) await this.#beginMine(subscription, { ackMode, resume });
    else subscription.state = 'begun';
    return undefined;
  }

  unsubscribe({ headers }: StompFrame): void {
    const key = keyOf(headers, this.#options.version);
    const subscription = this.#all.get(key);
    if (subscription === undefined) throw invalid('no such subscription');
    this.#all.delete(key);
    subscription.state = 'ended';
    for (const feed of subscription.feeds.values()) this.#drop(feed);
    if (subscription.topic.kind === 'presence') this.#options.presence.unsubscribe(subscription, subscription.topic.teamId);
  }

  /** Resolves once the device's cursors are kept. @throws ChatError INVALID_INPUT; rejects with UNAVAILABLE. */
  acknowledge(frame: StompFrame): Promise<void> {
    const { subscription, messageId } = this.#find(frame);
    const moves = subscription.ledger?.ack(messageId) ?? new Map<ChannelId, EventId>();
    this.#options.onAcknowledged(moves);
    return this.#options.keeper.move(moves);
  }

  /** The message stays without an acknowledgement: the device's next subscription gets it again. @throws ChatError INVALID_INPUT */
  refuse(frame: StompFrame): void {
    if (this.#options.version === '1.0') throw new ChatError('UNKNOWN_FRAME');
    this.#find(frame);
  }

  /** @throws ChatError SLOW_CONSUMER when too much is left without an acknowledgement. */
  take(event: ChatEvent): void {
    for (const subscription of this.#all.values()) {
      if (!subscription.covers(event.channelId)) continue;
      const feed = subscription.feeds.get(event.channelId) ?? this.#addLate(subscription, event.channelId);
      if (feed === undefined) continue;
      feed.take(event, this.#options.moment());
      this.#options.desk.watch(feed);
      this.#checkLedger(subscription);
    }
  }

  /** To be told by the desk. @throws ChatError SLOW_CONSUMER */
  answered(feed: ChannelFeed, outcome: 'more' | 'done' | 'failed' | 'gone'): void {
    const arrival = this.#arrivals.get(feed);
    this.#arrivals.delete(feed);
    if (outcome !== 'gone') arrival?.arrived();
    else {
      arrival?.refused(new ChatError('NOT_FOUND', { details: { reason: 'no such channel, or you are not a member' } }));
      this.#leave(feed.channelId);
    }
    for (const subscription of this.#all.values()) this.#checkLedger(subscription);
  }

  notice(frame: ChannelFrame): void {
    if (frame.action === 'left') this.#leave(frame.channelId);
    for (const { topic, id: subscription, destination } of this.#all.values()) {
      if (topic.kind !== 'mine') continue;
      const messageId = `notice.${++this.#count}`;
      this.#options.write(channelNotice(frame, { subscription, destination, messageId }));
    }
  }

  /** How far members have got: nothing of it is kept, and an acknowledgement of it says nothing. */
  tellReceipts({ channelId, receipts }: ReceiptsFrame): void {
    for (const { topic, id: subscription, destination, number, ledger } of this.#all.values()) {
      if (topic.kind !== 'receipts') continue;
      for (const receipt of receipts) {
        const messageId = `receipt.${++this.#count}`;
        const ack = ledger === undefined ? undefined : `${number}.${messageId}`;
        this.#options.write(receiptMessage(channelId, receipt, { subscription, destination, messageId, ack }));
      }
    }
  }

  /** Deliveries may have been missed: every feed asks, at some time of its own. Rejects with UNAVAILABLE. */
  async resync(withinMs: number): Promise<void> {
    for (const subscription of [...this.#all.values()]) {
      if (subscription.topic.kind === 'mine') await this.#completeMine(subscription);
      for (const feed of subscription.feeds.values()) {
        feed.askBy(this.#options.moment().now + Math.random() * withinMs);
        this.#options.desk.watch(feed);
      }
    }
  }

  #add(key: string, subscription: Subscription): void {
    if (this.#all.has(key)) throw invalid('the subscription id is in use');
    if (this.#all.size >= MAX_SUBSCRIPTIONS)
      throw new ChatError('TOO_LARGE', { details: { of: 'subscriptions', limit: MAX_SUBSCRIPTIONS } });
    this.#all.set(key, subscription);
  }

  async #beginChannel(subscription: Subscription, channelId: ChannelId, how: How): Promise<EventId> {
    const kept = how.resume ?? (how.ackMode === 'auto' ? undefined : (await this.#options.keeper.read()).get(channelId));
    const start = kept ?? subscription.start;
    const feed = await this.#begin(subscription, channelId, { start, beginning: kept === undefined ? 'now' : 'after' });
    const from = kept ?? feed?.cursor ?? start;
    if (how.ackMode !== 'auto') await this.#options.keeper.move(new Map([[channelId, from]]));
    return from;
  }

  async #beginMine(subscription: Subscription, how: How): Promise<void> {
    const kept = how.ackMode === 'auto' ? new Map<string, EventId>() : await this.#options.keeper.read();
    const base = how.resume ?? kept.get(SINCE);
    const channelIds = await this.#options.listChannels();
    const fallback = base === undefined ? subscription.start : base === NO_EVENT ? NO_EVENT : startOf(idTime(base) - ACROSS_CHANNELS_MS);
    const starts = channelIds.map(
      (channelId) => [channelId, (how.resume === undefined ? kept.get(channelId) : undefined) ?? fallback] as const,
    );
    // A channel that was left meanwhile is no reason to refuse the others.
    await Promise.allSettled(starts.map(([channelId, start]) => this.#begin(subscription, channelId, { start, beginning: 'after' })));
    if (how.ackMode !== 'auto') await this.#options.keeper.move(new Map([...starts, [SINCE, subscription.start]]));
  }

  /** A channel that has not been heard of on this connection yet gets its feed from where the subscription began. */
  async #completeMine(subscription: Subscription): Promise<void> {
    for (const channelId of await this.#options.listChannels()) {
      if (subscription.feeds.has(channelId)) continue;
      this.#addFeed(subscription, channelId, { start: subscription.start, beginning: 'after' });
    }
  }

  /** Resolves with the first answer; with nothing when the client has unsubscribed. Rejects with NOT_FOUND. */
  #begin(subscription: Subscription, channelId: ChannelId, from: From): Promise<ChannelFeed | undefined> {
    if (subscription.state === 'ended') return Promise.resolve(undefined);
    subscription.state = 'begun';
    const earlier = subscription.feeds.get(channelId);
    subscription.feeds.delete(channelId);
    if (earlier !== undefined) this.#drop(earlier);
    const feed = this.#addFeed(subscription, channelId, from);
    return new Promise((resolve, reject) => {
      this.#arrivals.set(feed, { arrived: () => resolve(feed), refused: reject });
      this.#options.desk.watch(feed);
      this.#options.desk.pump();
    });
  }

  /** For an event of a channel that a subscription to all of them has not heard of; one to a single channel has not begun yet. */
  #addLate(subscription: Subscription, channelId: ChannelId): ChannelFeed | undefined {
    if (subscription.topic.kind === 'channel' && subscription.state === 'new') return undefined;
    const { start } = subscription;
    if (subscription.ledger !== undefined) this.#options.keeper.move(new Map([[channelId, start]])).catch(() => undefined);
    return this.#addFeed(subscription, channelId, { start, beginning: 'next' });
  }

  /** @throws ChatError TOO_LARGE */
  #addFeed(subscription: Subscription, channelId: ChannelId, from: From): ChannelFeed {
    const sizes = [...this.#all.values()].map(({ feeds }) => feeds.size);
    const others = sizes.reduce((sum, size) => sum + size, 0) - Math.max(0, ...sizes);
    if (others >= MAX_OTHER_FEEDS)
      throw new ChatError('TOO_LARGE', { details: { of: 'channels that several subscriptions follow', limit: MAX_OTHER_FEEDS } });
    return subscription.addFeed(channelId, { ...from, moment: this.#options.moment() });
  }

  #leave(channelId: ChannelId): void {
    for (const { feeds } of this.#all.values()) {
      const feed = feeds.get(channelId);
      feeds.delete(channelId);
      if (feed !== undefined) this.#drop(feed);
    }
  }

  #drop(feed: ChannelFeed): void {
    this.#arrivals.get(feed)?.arrived();
    this.#arrivals.delete(feed);
    this.#options.desk.forget(feed);
  }

  #checkLedger({ ledger }: Subscription): void {
    if ((ledger?.size ?? 0) > MAX_UNACKED)
      throw new ChatError('SLOW_CONSUMER', { details: { reason: 'too many messages without an acknowledgement', limit: MAX_UNACKED } });
  }

  /** What an ACK or NACK names: by `id` in 1.2, by `message-id` before, with `subscription` in 1.1. */
  #find({ headers }: StompFrame): { readonly subscription: Subscription; readonly messageId: string } {
    const { version } = this.#options;
    const [, number, messageId = ''] = /^(\d+)\.(.*)$/.exec(headers.get('id') ?? '') ?? [];
    const named = version === '1.2' ? messageId : (headers.get('message-id') ?? '');
    const subscription = [...this.#all.values()].find((one) => {
      if (version === '1.2') return one.number === Number(number);
      return version === '1.1' ? one.id === headers.get('subscription') : one.ledger?.has(named) === true;
    });
    if (subscription === undefined || named === '') throw invalid('no such message to acknowledge');
    return { subscription, messageId: named };
  }
}

interface From {
  readonly start: EventId;
  readonly beginning: Beginning;
}

interface How {
  readonly ackMode: AckMode;
  readonly resume: EventId | undefined;
}

/** What tells subscriptions apart: their id, in 1.0 their destination where they have none. */
function keyOf(headers: ReadonlyMap<string, string>, version: StompVersion): string {
  const id = headers.get('id');
  if (id !== undefined) return `id ${id}`;
  const destination = headers.get('destination');
  if (version !== '1.0' || destination === undefined) throw invalid('the header id is missing');
  return `destination ${destination}`;
}

function ackModeOf(text: string | undefined): AckMode {
  const mode = text ?? 'auto';
  if (mode !== 'auto' && mode !== 'client' && mode !== 'client-individual') throw invalid('ack is none of auto, client, client-individual');
  return mode;
}

function resumeOf(text: string | undefined): EventId | undefined {
  if (text !== undefined && text !== NO_EVENT && !isId(text)) throw invalid('last-event-id is no event id');
  return text as EventId | undefined;
}
