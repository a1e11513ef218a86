import type { ChannelId, UserId } from '../domain/ids.js';
import type { Receipt } from '../domain/model.js';

export interface ChannelReceipt extends Receipt {
  readonly channelId: ChannelId;
}

/**
 * How far the users have got in their channels; durable. Rejects with UNAVAILABLE when the database cannot be reached, with NOT_FOUND when
 * a channel or a user does not exist.
 */
export interface ReceiptStore {
  /**
   * Each position only forward, whatever other processes do at the same time; `delivered` never stays behind `read`. At most 500, each
   * user of a channel once, all or none. Answers in the order of the receipts: how it is now, and whether this call has moved it.
   */
  advance(receipts: readonly ChannelReceipt[]): Promise<readonly (ChannelReceipt & { readonly moved: boolean })[]>;
  /** Of the channel's members that have got anywhere, by user id. */
  ofChannel(channelId: ChannelId): Promise<readonly Receipt[]>;
  /** Of the channels that the user is a member of, newest first, at most 1,000. */
  ofUser(userId: UserId): Promise<readonly ChannelReceipt[]>;
}
