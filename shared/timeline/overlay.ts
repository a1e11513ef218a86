import { applyEvent, messageFromEvent, targetOf, type ChatEvent } from '../domain/events.js';
import type { EventId, MessageId } from '../domain/ids.js';
import type { Message } from '../domain/model.js';
import type { WindowSlice } from '../ports/index.js';

const decoder = new TextDecoder();

export function decodeEvent(bytes: Uint8Array): ChatEvent {
  return JSON.parse(decoder.decode(bytes)) as ChatEvent;
}

export function eventsOf(slice: WindowSlice): ChatEvent[] {
  return slice.events.map((entry) => decodeEvent(entry.bytes));
}

/** Beyond these, decoding everything costs less than looking for each id in all of it. */
const MAX_SOUGHT = 16;

/** The events that name one of the ids, as their own, their message's or their parent's; perhaps some others. Only what is asked for is decoded. */
export function eventsNaming(slice: WindowSlice, ids: ReadonlySet<string>): ChatEvent[] {
  if (ids.size > MAX_SOUGHT) return eventsOf(slice);
  const sought = [...ids].map((id) => Buffer.from(id, 'latin1'));
  const named = slice.events.filter(({ bytes }) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return sought.some((id) => text.includes(id));
  });
  return named.map(({ bytes }) => decodeEvent(bytes));
}

/**
 * Puts window events (ascending) over messages as the store has them. Events about a message that is neither at hand
 * nor among the events are returned: their message has to be fetched, or they are handed on as they are. A message that travels again is at
 * hand where the store was asked for it (`asked`): what the store does not have yet, it will have as this event says.
 */
export function overlayEvents(
  messages: Map<MessageId, Message>,
  events: readonly ChatEvent[],
  asked: (id: MessageId) => boolean = () => false,
): ChatEvent[] {
  const orphans: ChatEvent[] = [];
  for (const event of events) {
    const target = targetOf(event);
    const known = messages.get(target);
    if (known !== undefined) messages.set(target, applyEvent(known, event));
    else if (event.type === 'message' && (event.messageId === undefined || asked(target))) messages.set(target, messageFromEvent(event));
    else orphans.push(event);
    if (event.type === 'message' && event.parentId !== undefined) addComment(messages, event);
  }
  return orphans;
}

/** A comment moves its parent's summary; a parent that is not at hand shows it once the store does. */
function addComment(messages: Map<MessageId, Message>, comment: ChatEvent & { readonly type: 'message' }): void {
  const parent = comment.parentId === undefined ? undefined : messages.get(comment.parentId);
  if (parent === undefined || parent.deleted || comment.id <= parent.updatedId) return;
  const last = { id: targetOf(comment), senderId: comment.senderId, content: comment.content, createdAt: comment.createdAt };
  messages.set(parent.id, { ...parent, updatedId: comment.id, comments: { count: (parent.comments?.count ?? 0) + 1, last } });
}

export function byId(a: Message, b: Message): number {
  return a.id < b.id ? -1 : 1;
}

export function byUpdatedId(a: Message, b: Message): number {
  return a.updatedId < b.updatedId ? -1 : 1;
}

export function largest(...ids: readonly EventId[]): EventId {
  return ids.reduce((max, id) => (id > max ? id : max));
}
