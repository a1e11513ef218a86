import type { ChannelId, ClientId, EventId, UserId } from '../domain/ids.js';

export interface Reservation {
  readonly channelId: ChannelId;
  readonly senderId: UserId;
  readonly clientId: ClientId;
  /** A fresh id of this node's clock. */
  readonly proposed: EventId;
  /** The clientId was reserved before under this id, and travels again as a new event: skip the look for a duplicate. */
  readonly again?: boolean;
}

export type Reserved =
  /** The id is this event's. `prev` is the event before it, '' for the first one of a channel and the first one after `advance`. */
  | { readonly status: 'reserved'; readonly prev: EventId }
  /** (sender, clientId) holds this id already in this channel. `latest` is the channel's last id; where that is this one, `prev` is the event before it, else ''. */
  | { readonly status: 'duplicate'; readonly id: EventId; readonly latest: EventId; readonly prev: EventId }
  /** The proposed id is not larger than the channel's last: move the clock past it and try again. Nothing was reserved. */
  | { readonly status: 'behind'; readonly latest: EventId }
  /** The sequencer has no memory of the channel: `advance` it to the store's last id and try again. Nothing was reserved. */
  | { readonly status: 'unknown' };

/**
 * One order per channel, and one id per (channel, sender, clientId), as long as its memory lasts (`dedupeTtl`, 10 minutes or more; after
 * that the store's unique index decides). Each item is atomic; a batch is one round trip. When an item comes back `behind` or `unknown`, the
 * later items of the same channel in the same batch do too, so that a retry cannot swap one sender's messages.
 * Losing all its data is allowed: `unknown` says so. Rejects with UNAVAILABLE.
 */
export interface Sequencer {
  reserve(items: readonly Reservation[]): Promise<readonly Reserved[]>;
  /**
   * Makes the channel known, its last id `id` ('' for a channel without any event); one that is known stays as it is. There may be a later
   * event that nobody here knows of (acked, and not in the store yet): the next event must not pass for the one after `id`.
   */
  advance(items: readonly { readonly channelId: ChannelId; readonly id: EventId }[]): Promise<void>;
}
