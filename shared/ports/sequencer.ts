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
  /** The id is this event's. `prev` is the event before it; `known: false` when the sequencer has no memory of the channel (prev is ''). */
  | { readonly status: 'reserved'; readonly prev: EventId; readonly known: boolean }
  /** (sender, clientId) holds this id already in this channel. `latest` is the channel's last id, '' when not known. */
  | { readonly status: 'duplicate'; readonly id: EventId; readonly latest: EventId }
  /** The proposed id is not larger than the channel's last: move the clock past it and try again. */
  | { readonly status: 'behind'; readonly latest: EventId };

/**
 * One order per channel, and one id per (channel, sender, clientId), as long as its memory lasts (`dedupeTtl`, 10 minutes or more; after
 * that the store's unique index decides). Each item is atomic; a batch is one round trip.
 * Losing all its data is allowed: ids go on from the nodes' clocks and `known` says so. Rejects with UNAVAILABLE.
 */
export interface Sequencer {
  reserve(items: readonly Reservation[]): Promise<readonly Reserved[]>;
  /** Sets the channel's last id if it is larger than what is there: after `known: false`, from the store. */
  advance(channelId: ChannelId, id: EventId): Promise<void>;
}
