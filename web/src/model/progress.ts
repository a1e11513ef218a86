import type { ChannelId, Receipt, TimelineMessage, UserId } from './types.js';

/** What has become of an own message: the server has it, it has come to somebody's device, or so many others have read it. */
export interface Progress {
  readonly state: 'sent' | 'delivered' | 'read';
  readonly readers: number;
}

export function progressOf(message: Pick<TimelineMessage, 'id' | 'senderId'>, receipts: ReadonlyMap<UserId, Receipt>): Progress {
  const others = [...receipts.values()].filter(({ userId }) => userId !== message.senderId);
  const readers = others.filter(({ read }) => read >= message.id).length;
  if (readers > 0) return { state: 'read', readers };
  return { state: others.some(({ delivered }) => delivered >= message.id) ? 'delivered' : 'sent', readers };
}

/** Whose receipts the page has at hand. */
export interface ShownReceipts {
  readonly channelId: ChannelId | undefined;
  readonly of: ReadonlyMap<UserId, Receipt>;
}
