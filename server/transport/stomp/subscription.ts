import type { ChannelId, EventId } from '../../../shared/domain/ids.js';
import type { Moment } from '../../../shared/protocol/chain.js';
import { AckLedger, type AckMode } from './ack-ledger.js';
import { ChannelFeed, type Beginning, type FeedItem, type HeldBudget } from './channel-feed.js';
import { topicName, type Topic } from './destinations.js';
import type { ServerStompFrame } from './encode.js';
import { messageFrame, messageIdOf } from './message-frame.js';

export interface SubscriptionOptions {
  /** The client's name for it; 1.0 knows subscriptions without one. */
  readonly id: string | undefined;
  readonly topic: Topic;
  readonly ackMode: AckMode;
  /** Unique on the connection: its `ack` headers begin with it. */
  readonly number: number;
  /** Where a channel begins that nothing else is known of. */
  readonly start: EventId;
  readonly budget: HeldBudget;
  readonly write: (frame: ServerStompFrame) => void;
}

/** One subscription of a connection: which channels it covers, how far each has come, and what is not acknowledged. */
export class Subscription {
  readonly feeds = new Map<ChannelId, ChannelFeed>();
  readonly ledger: AckLedger | undefined;
  /** `new` until the server has let it in; `ended` once the client does not want it any more. */
  state: 'new' | 'begun' | 'ended' = 'new';
  readonly #options: SubscriptionOptions;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.ledger = options.ackMode === 'auto' ? undefined : new AckLedger(options.ackMode);
  }

  get id(): string | undefined {
    return this.#options.id;
  }

  get number(): number {
    return this.#options.number;
  }

  get topic(): Topic {
    return this.#options.topic;
  }

  get destination(): string {
    return topicName(this.#options.topic);
  }

  get start(): EventId {
    return this.#options.start;
  }

  covers(channelId: ChannelId): boolean {
    return this.topic.kind === 'mine' || (this.topic.kind === 'channel' && this.topic.channelId === channelId);
  }

  addFeed(channelId: ChannelId, from: { readonly start: EventId; readonly beginning: Beginning; readonly moment: Moment }): ChannelFeed {
    const deliver = (item: FeedItem, feed: ChannelFeed): void => this.#tell(item, feed);
    const feed = new ChannelFeed({ channelId, ...from, budget: this.#options.budget, deliver });
    this.feeds.set(channelId, feed);
    return feed;
  }

  #tell(item: FeedItem, feed: ChannelFeed): void {
    const position = smaller(item.position, feed.cursor);
    const messageId = messageIdOf(item);
    this.ledger?.add(messageId, { channelId: feed.channelId, position });
    const ack = this.ledger === undefined ? undefined : `${this.number}.${messageId}`;
    const resumeFrom = this.topic.kind === 'channel' ? position : this.#resumeFrom(position);
    const { id: subscription, destination } = this;
    this.#options.write(messageFrame(item, { subscription, destination, resumeFrom, ack }));
  }

  /** One id for all channels: not past what any of them still misses. */
  #resumeFrom(position: EventId): EventId {
    let from = position;
    for (const feed of this.feeds.values()) if (!feed.settled) from = smaller(from, feed.cursor);
    return from;
  }
}

function smaller(a: EventId, b: EventId): EventId {
  return a < b ? a : b;
}
