import { targetOf } from '../domain/events.js';
import { idBefore, NO_EVENT, type ChannelId, type MessageId } from '../domain/ids.js';
import type { Message } from '../domain/model.js';
import { eventsNaming, overlayEvents } from './overlay.js';
import { readWindow } from './read-window.js';
import type { TimelineDeps } from './timeline-deps.js';

const MAX_IDS = 500;

/**
 * These messages as they are now: the store's state with all of the window laid over it. `storeAway` says that the
 * store did not answer, or is behind a window that was lost, so that what is missing may exist. Rejects with UNAVAILABLE when the window is away.
 */
export async function readMessages(
  deps: TimelineDeps,
  channelId: ChannelId,
  ids: readonly MessageId[],
): Promise<{ readonly messages: Map<MessageId, Message>; readonly storeAway: boolean }> {
  const wanted = new Set(ids.slice(0, MAX_IDS));
  // Whatever happened to a message has a larger id than it: of recent ones, which most are, that is little of the window.
  const first = [...wanted].reduce<MessageId | undefined>((least, id) => (least === undefined || id < least ? id : least), undefined);
  const slice = await readWindow(deps.window, channelId, first === undefined ? NO_EVENT : idBefore(first));
  // After the window: what that no longer has, or does not have again, is in the store by then.
  const stored = await deps.messages.getMany(channelId, [...wanted]).catch(() => undefined);
  const messages = new Map<MessageId, Message>((stored ?? []).map((message) => [message.id, message]));
  overlayEvents(
    messages,
    eventsNaming(slice, wanted).filter(
      (event) => wanted.has(targetOf(event)) || (event.type === 'message' && wanted.has(event.parentId ?? event.id)),
    ),
    (id) => stored !== undefined && wanted.has(id),
  );
  for (const id of messages.keys()) if (!wanted.has(id)) messages.delete(id);
  return { messages, storeAway: stored === undefined || !slice.whole };
}
