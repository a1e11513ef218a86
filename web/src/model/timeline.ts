import { signal } from '@preact/signals';
import { ChannelView } from './channel-view.js';
import { notify } from './notices.js';
import { errorText } from '../i18n/text.js';
import { followReceipts, forgetReceipts } from './receipts.js';
import { keyOf } from './rows.js';
import { client } from './sdk.js';
import { me } from './session.js';
import type { ChannelId, TimelineMessage } from './types.js';
import { noteArrived, noteSeen } from './unread.js';
import { currentChannelId } from './view.js';

export { ChannelView };

/** The message that is being edited in its place. */
export const editing = signal<string | undefined>(undefined);

let open: ChannelView | undefined;

/** What the page shows of a channel; one channel is shown at a time. */
export function viewOf(channelId: ChannelId): ChannelView {
  if (open?.channelId === channelId) return open;
  open?.close();
  editing.value = undefined;
  open = new ChannelView(channelId);
  return open;
}

export function followTimelines(): void {
  client.on('timeline', ({ channelId }) => shownView(channelId)?.refresh());
  client.on('message', ({ channelId, message }) => {
    if (message.senderId === me.value?.id) noteOwn(channelId, message);
    else onArrived(channelId, message);
  });
  client.on('failed', ({ error }) => {
    // A failed message says so itself; an edit or a reaction has no line of its own.
    if (error.code !== 'DISCARDED') notify(errorText(error.code));
  });
  document.addEventListener('visibilitychange', () => open?.noteRead());
  addEventListener('focus', () => open?.noteRead());
  followReceipts();
}

export function forgetTimelines(): void {
  open = undefined;
  editing.value = undefined;
  forgetReceipts();
}

export function startEditing(key: string | undefined): void {
  editing.value = key;
}

/** The newest own message of the channel that can be edited; false when there is none in sight. */
export function editLastOwn(channelId: ChannelId): boolean {
  const { messages } = client.timeline(channelId);
  const mine = messages.findLast((message) => message.senderId === me.value?.id && message.status === 'sent' && !message.deleted);
  if (mine === undefined) return false;
  editing.value = keyOf(mine);
  return true;
}

/** Shown at once. @throws WarrenError when it cannot even be kept for sending. */
export function sendMessage(channelId: ChannelId, content: string): void {
  shownView(channelId)?.setAtEnd(true);
  client.send(channelId, content);
}

export function retryMessage(message: TimelineMessage): void {
  client.retry(message.clientId);
}

export function discardMessage(message: TimelineMessage): void {
  client.discard(message.clientId);
}

export async function editMessage(message: TimelineMessage, content: string): Promise<void> {
  await client.edit(message.channelId, message.id, content).acked;
}

export async function removeMessage(message: TimelineMessage): Promise<void> {
  await client.remove(message.channelId, message.id).acked;
}

export function toggleReaction(message: TimelineMessage, emoji: string): void {
  const mine = me.value?.id;
  const has = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.users.some((id) => id === mine));
  client.react(message.channelId, message.id, { emoji, action: has ? 'remove' : 'add' });
}

/** Who writes somewhere has read what is above it. */
function noteOwn(channelId: ChannelId, message: TimelineMessage): void {
  if (message.id > (client.deviceId ?? '')) noteSeen(channelId, message.id);
}

function onArrived(channelId: ChannelId, message: TimelineMessage): void {
  noteArrived(channelId, message.id, client.deviceId ?? '');
  shownView(channelId)?.noteArrival(message);
}

function shownView(channelId: ChannelId): ChannelView | undefined {
  return open?.channelId === channelId && currentChannelId.value === channelId ? open : undefined;
}
