import { targetOf, type ChatEvent } from '../shared/domain/events.js';
import type { ChannelId, ClientId, EventId } from '../shared/domain/ids.js';
import type { Message } from '../shared/domain/model.js';
import type { SyncedChannel } from '../shared/protocol/frames.js';
import { Chain, type Ask, type Moment } from '../shared/protocol/chain.js';
import type { TimelineMessage } from './timeline-entry.js';
import { doubtsAfterEvent, doubtsAfterStates } from './doubts.js';
import { applyToTimeline, createTimeline, mergePage, mergeStates, mergeUnsure, visibleMessages } from './timeline.js';
import type { Change, Timeline } from './timeline.js';

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
    for (const id of doubtsAfterEvent(this.#timeline, event)) this.chain.recheck(id, moment);
    const { senderId, clientId, id } = event;
    return { added, updated, settled: [{ senderId, clientId, id, messageId: targetOf(event) }], unknown: seen.unknown };
  }

  /** The answer to the chain's question. */
  takeAnswer(reply: SyncedChannel, ask: Ask, moment: Moment): FeedChange & { readonly next: 'more' | 'done' | 'failed' } {
    const merge = reply.error === undefined ? mergeStates : mergeUnsure;
    const before = this.#timeline;
    const wanted = new Set(ask.ids.filter((id) => this.chain.wants(id)));
    const merged = this.#adopt(merge(before, reply.messages, wanted));
    const changes = reply.events
      .filter((event) => !this.chain.hasSeen(event.id))
      .map((event) => this.#adopt(applyToTimeline(this.#timeline, event)));
    const next = this.chain.answer(reply, ask, moment);
    // What was asked for by name has been looked at again: if it still differs, something later that is not known here undid it.
    const unasked = reply.messages.filter(({ id }) => !ask.ids.includes(id));
    this.#recheck(before, unasked, moment);
    const all = [merged, ...changes];
    const added = all.flatMap((change) => change.added);
    return { added, updated: all.flatMap((change) => change.updated), settled: reply.messages.map(toSettled), next };
  }

  /** A page of history; `first`: there is nothing older than it. */
  takePage(messages: readonly Message[], page: { readonly first: boolean }, moment: Moment): void {
    const before = this.#timeline;
    this.timeline = mergePage(before, messages, { first: page.first, cursor: this.chain.cursor });
    this.#recheck(before, messages, moment);
  }

  #recheck(before: Timeline, states: readonly Message[], moment: Moment): void {
    for (const id of doubtsAfterStates(before, this.#timeline, states)) this.chain.recheck(id, moment);
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
