import { signal } from '@preact/signals';
import { progressOf, type Progress, type ShownReceipts } from './progress.js';
import type { Row } from './rows.js';
import { client } from './sdk.js';
import { me } from './session.js';
import type { ChannelId, TimelineMessage } from './types.js';
import { noteSeen } from './unread.js';

const NONE: ShownReceipts = { channelId: undefined, of: new Map() };

/** Of the channel that is open. */
const shown = signal<ShownReceipts>(NONE);

export function followReceipts(): void {
  client.on('receipt', ({ channelId, receipt }) => {
    // Read on one device is read on all.
    if (receipt.userId === me.value?.id) noteSeen(channelId, receipt.read);
    if (shown.peek().channelId === channelId) shown.value = { channelId, of: client.receipts(channelId) };
  });
  // While this device was away nobody told it.
  client.on('caughtUp', () => {
    const { channelId } = shown.peek();
    if (channelId !== undefined) showReceipts(channelId);
  });
}

/** The channel is opened: what is known is shown at once, what is not is asked for. */
export function showReceipts(channelId: ChannelId): void {
  shown.value = { channelId, of: client.receipts(channelId) };
  // Best effort: the marks say less until the next receipt comes.
  client.loadReceipts(channelId).catch(() => undefined);
}

export function forgetReceipts(): void {
  shown.value = NONE;
}

/** Of an own message in the channel that is open. */
export function progressOfOwn(message: TimelineMessage): Progress {
  return progressOf(message, shown.value.of);
}

/** Tells everybody that the newest message of the others was looked at, by a person who is here. */
export function markRead(channelId: ChannelId, rows: readonly Row[]): void {
  if (!document.hasFocus()) return;
  const last = rows.findLast(({ message }) => message.status === 'sent' && message.senderId !== me.peek()?.id);
  if (last !== undefined) client.markRead(channelId, last.message.id);
}
