import type { ChatEvent } from '../domain/events.js';
import { targetOf } from '../domain/events.js';
import type { EventId } from '../domain/ids.js';
import type { MessageStore, RecentWindow } from '../ports/index.js';
import { createdAtOf, type Committed, type EventDraft } from './event-draft.js';

type Stores = { readonly window: Pick<RecentWindow, 'get'>; readonly messages: Pick<MessageStore, 'getMany'> };

/**
 * The event that (sender, clientId) had become, if it is known to be durable: in the recent window or in the store.
 * `undefined` means that it must be committed (again), which is always safe: the store applies it once.
 */
export async function findDuplicate(stores: Stores, draft: EventDraft, id: EventId): Promise<Committed | undefined> {
  const [bytes] = await stores.window.get(draft.channelId, [id]);
  if (bytes !== undefined) return fromEvent(JSON.parse(Buffer.from(bytes).toString()) as ChatEvent);
  try {
    const [message] = await stores.messages.getMany(draft.channelId, [draft.about ?? id]);
    // A message that changed after the event tells nothing about it: a repair, somebody else's reaction or a comment moves it as well.
    const isThere = message !== undefined && (draft.about === undefined || message.updatedId === id);
    if (!isThere) return undefined;
    return { id, messageId: message.id, prev: draft.about === undefined ? message.prev : ('' as EventId), createdAt: createdAtOf(id) };
  } catch {
    return undefined;
  }
}

/** The message that a resend had become before the sequencer forgot about it. Rejects when the store is away. */
export async function findStoredMessage(
  stores: { readonly messages: Pick<MessageStore, 'findByClientId'> },
  draft: EventDraft,
): Promise<Committed | undefined> {
  const message = await stores.messages.findByClientId(draft.channelId, draft.senderId, draft.clientId);
  if (message === undefined) return undefined;
  return { id: message.id, messageId: message.id, prev: message.prev, createdAt: message.createdAt };
}

function fromEvent(event: ChatEvent): Committed {
  return { id: event.id, messageId: targetOf(event), prev: event.prev, createdAt: event.createdAt };
}
