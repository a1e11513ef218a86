import type { ChannelId, EventId } from '../domain/ids.js';
import { ChatError } from '../errors/chat-error.js';
import type { RecentWindow, WindowEntry, WindowSlice } from '../ports/index.js';

/** More events than the window is meant to keep of one channel; it only holds more while the archive is behind. */
const PAGE = 5_000;
/** Of one channel, while the archive is behind; who wants more than that is told to come again. */
const MAX_PAGES = 20;

/** Everything that the window has of the channel after the event, however far behind the archive is. Rejects with UNAVAILABLE. */
export async function readWindow(window: Pick<RecentWindow, 'after'>, channelId: ChannelId, after: EventId): Promise<WindowSlice> {
  const events: Pick<WindowEntry, 'id' | 'bytes'>[] = [];
  for (let page = 0, from = after; page < MAX_PAGES; page++) {
    const [slice] = await window.after([{ channelId, after: from, limit: PAGE }]);
    if (slice === undefined) break;
    for (const event of slice.events) events.push(event);
    from = slice.events.at(-1)?.id ?? from;
    if (!slice.more) return { ...slice, events };
  }
  throw new ChatError('UNAVAILABLE', { details: { reason: 'the archive of this channel is too far behind' } });
}
