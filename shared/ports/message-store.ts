import type { ChannelId, ClientId, EventId, MessageId, UserId } from '../domain/ids.js';
import type { ChatEvent } from '../domain/events.js';
import type { Message } from '../domain/model.js';

export interface ApplyResult {
  /** Messages that were not stored because (channel, sender, clientId) is stored under another id. */
  readonly conflicts: readonly { readonly event: ChatEvent; readonly winnerId: MessageId }[];
  /** Events about a message that is not stored (its commit was lost or comes later): dropped, and counted by the caller. */
  readonly orphans: readonly ChatEvent[];
}

/**
 * Messages, as state: each event changes its message as `applyEvent` of shared/domain/events says.
 * Unique: (channel, id) and (channel, sender, clientId) of a message. Rejects with UNAVAILABLE when the store cannot be reached, with
 * TIMEOUT after its own limit. Limits are the caller's; every answer has at most `limit` messages
 * (`changedAfter` a little more where it says so). A message with `parentId` keeps its parent's `comments` summary up to date:
 * the count of its comments that are neither deleted nor voided and the newest of them; the parent's `updatedId` moves with it.
 */
export interface MessageStore {
  /** Idempotent and in the given order per channel; resolves when everything is durable. */
  apply(events: readonly ChatEvent[]): Promise<ApplyResult>;
  /**
   * Ascending by `updatedId`, then id, after the given event: what is new and what has changed. Includes deleted and voided ones.
   * Messages that one event changed (a comment and its parent) are never torn apart, so a cursor that moves to the last
   * `updatedId` misses nothing: the answer may be longer than `limit` by those, and is shorter only when there is no more.
   */
  changedAfter(channelId: ChannelId, after: EventId, limit: number): Promise<readonly Message[]>;
  /** Ascending by id; the `limit` newest before (exclusive), or the oldest after (exclusive). Voided ones are left out. */
  page(
    channelId: ChannelId,
    range: { readonly before?: MessageId; readonly after?: MessageId; readonly limit: number },
  ): Promise<readonly Message[]>;
  /** Those that exist, in any order; at most 500 ids. */
  getMany(channelId: ChannelId, ids: readonly MessageId[]): Promise<readonly Message[]>;
  findByClientId(channelId: ChannelId, senderId: UserId, clientId: ClientId): Promise<Message | undefined>;
  /** The largest `updatedId` of each channel, '' where there is none, in the order of the channels; at most 200 channels. */
  lastEventIds(channelIds: readonly ChannelId[]): Promise<readonly EventId[]>;
  ping(): Promise<void>;
}
