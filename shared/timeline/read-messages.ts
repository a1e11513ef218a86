import { targetOf } from '../domain/events.js';
import { NO_EVENT, type ChannelId, type MessageId } from '../domain/ids.js';
import type { Message } from '../domain/model.js';
import { eventsNaming, overlayEvents } from './overlay.js';
import type { TimelineDeps } from './timeline-deps.js';

/** More events than the window is meant to keep of one channel; it only holds more while the archive is behind. */
export const WINDOW_EVENTS = 5_000;
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
  const [[whole], stored] = await Promise.all([
    deps.window.after([{ channelId, after: NO_EVENT, limit: WINDOW_EVENTS }]),
    deps.messages.getMany(channelId, [...wanted]).catch(() => undefined),
  ]);
  const messages = new Map<MessageId, Message>((stored ?? []).map((message) => [message.id, message]));
  const about = whole === undefined ? [] : eventsNaming(whole, wanted);
  overlayEvents(
    messages,
    about.filter((event) => wanted.has(targetOf(event)) || (event.type === 'message' && wanted.has(event.parentId ?? event.id))),
    (id) => stored !== undefined && wanted.has(id),
  );
  for (const id of messages.keys()) if (!wanted.has(id)) messages.delete(id);
  return { messages, storeAway: stored === undefined || whole?.whole === false };
}
