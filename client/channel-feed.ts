import { targetOf, type ChatEvent } from '../shared/domain/events.js';
import type { ChannelId, ClientId, EventId } from '../shared/domain/ids.js';
import type { Message } from '../shared/domain/model.js';
import type { SyncedChannel } from '../shared/protocol/frames.js';
import { Chain, type Ask, type Moment } from '../shared/protocol/chain.js';
import type { TimelineMessage } from './timeline-entry.js';
import { applyToTimeline, createTimeline, mergeStates, mergeUnsure, visibleMessages, type Change, type Timeline } from './timeline.js';

/** What happened to a channel's messages, for whoever shows them. */
export interface FeedChange {
  readonly added: readonly TimelineMessage[];
  readonly updated: readonly TimelineMessage[];
  /** Commands seen to be in the channel. */
  readonly settled: readonly {
    readonly senderId: string;
    readonly clientId: ClientId;
    readonly id: EventId;
    readonly messageId: EventId;
  }[];
}

const NOTHING: FeedChange = { added: [], updated: [], settled: [] };

/** One channel on this device: its chain of events and its messages, kept in step. */
export class ChannelFeed {
  readonly channelId: ChannelId;
  readonly chain: Chain;
  /** Its newest page of history has been loaded. */
  opened = false;
  #timeline: Timeline;
  #visible: readonly TimelineMessage[] | undefined;

  constructor(channelId: ChannelId, options: { readonly cursor: EventId; readonly limit: number }) {
    this.channelId = channelId;
    this.chain = new Chain(options.cursor);
    this.#timeline = createTimeline(options.cursor, options.limit);
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  set timeline(timeline: Timeline) {
    if (timeline === this.#timeline) return;
    this.#timeline = timeline;
    this.#visible = undefined;
  }

  /** The same array until something changes. */
  get messages(): readonly TimelineMessage[] {
    this.#visible ??= visibleMessages(this.#timeline);
    return this.#visible;
  }

  /** A live event, or the event that an ack stands for. */
  take(event: ChatEvent, moment: Moment): FeedChange & { readonly unknown: boolean } {
    const seen = this.chain.observe(event, moment);
    if (!seen.fresh) return { ...NOTHING, unknown: false };
    const { added, updated } = this.#adopt(applyToTimeline(this.#timeline, event));
    const { senderId, clientId, id } = event;
    return { added, updated, settled: [{ senderId, clientId, id, messageId: targetOf(event) }], unknown: seen.unknown };
  }

  /** The answer to the chain's question. */
  takeAnswer(reply: SyncedChannel, ask: Ask, moment: Moment): FeedChange & { readonly next: 'more' | 'done' | 'failed' } {
    const merge = reply.error === undefined ? mergeStates : mergeUnsure;
    const merged = this.#adopt(merge(this.#timeline, reply.messages, new Set(ask.ids)));
    const changes = reply.events
      .filter((event) => !this.chain.hasSeen(event.id))
      .map((event) => this.#adopt(applyToTimeline(this.#timeline, event)));
    const next = this.chain.answer(reply, ask, moment);
    const all = [merged, ...changes];
    const added = all.flatMap((change) => change.added);
    return { added, updated: all.flatMap((change) => change.updated), settled: reply.messages.map(toSettled), next };
  }

  #adopt(change: Change): Change {
    this.timeline = change.timeline;
    return change;
  }
}

/** A stored message proves that its send was taken; edits and reactions leave no such trace. */
function toSettled(message: Message): FeedChange['settled'][number] {
  return { senderId: message.senderId, clientId: message.clientId, id: message.id, messageId: message.id };
}
