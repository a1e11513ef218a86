import { NO_EVENT, type ChannelId, type EventId, type MessageId } from '../domain/ids.js';
import type { Message } from '../domain/model.js';
import { ChatError } from '../errors/chat-error.js';
import type { WindowSlice } from '../ports/index.js';
import type { TimelineDeps } from './timeline-deps.js';
import type { HistoryBody } from '../protocol/http.js';
import { countOfPage } from './cut-answer.js';
import { byId, eventsOf, overlayEvents } from './overlay.js';
import { readWindow } from './read-window.js';

export interface HistoryQuery {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly around?: string | undefined;
  readonly limit: number;
}

/** About the largest page: two hundred of the longest messages would be sixty MiB, for each of a user's requests. */
const PAGE_BYTES = 4 * 1024 * 1024;

/**
 * A page of a channel's messages, ascending by id, including every acked one: the store's page with the recent window
 * laid over it. The window drops nothing that the store does not have, and the store is read after it, so the two leave no gap between them.
 * With the store away the newest page is the window's; older pages reject with UNAVAILABLE. A page of very long messages has fewer than asked
 * for, at least one, and says that there is more.
 */
export async function readHistory(deps: TimelineDeps, channelId: ChannelId, query: HistoryQuery): Promise<HistoryBody> {
  if (query.around !== undefined) return readAround(deps, channelId, { around: query.around as MessageId, limit: query.limit });
  if (query.after !== undefined) return readForward(deps, channelId, { after: query.after as MessageId, limit: query.limit });
  return readBackward(deps, channelId, { before: (query.before ?? '') as MessageId, limit: query.limit });
}

async function readBackward(deps: TimelineDeps, channelId: ChannelId, range: { before: MessageId; limit: number }): Promise<HistoryBody> {
  const { before, limit } = range;
  const bound = before === NO_EVENT ? {} : { before };
  const slice = await readWindow(deps.window, channelId, NO_EVENT);
  const stored = await orWindowAlone(deps.messages.page(channelId, { ...bound, limit: limit + 1 }), before === NO_EVENT);
  const all = merge(stored.messages, wholeSlice(slice)).filter((message) => before === NO_EVENT || message.id < before);
  const count = countOfPage(all.slice(-limit).reverse(), PAGE_BYTES);
  return {
    messages: all.slice(all.length - count),
    more: { before: all.length > count || stored.away, after: before !== NO_EVENT },
  };
}

async function readForward(deps: TimelineDeps, channelId: ChannelId, range: { after: MessageId; limit: number }): Promise<HistoryBody> {
  const { after, limit } = range;
  const slice = await readWindow(deps.window, channelId, NO_EVENT);
  const stored = await deps.messages.page(channelId, { after, limit: limit + 1 });
  const all = merge(stored, wholeSlice(slice)).filter((message) => message.id > after);
  const count = countOfPage(all.slice(0, limit), PAGE_BYTES);
  return { messages: all.slice(0, count), more: { before: after !== NO_EVENT, after: all.length > count } };
}

async function readAround(deps: TimelineDeps, channelId: ChannelId, range: { around: MessageId; limit: number }): Promise<HistoryBody> {
  const half = Math.max(1, Math.floor(range.limit / 2));
  const older = await readBackward(deps, channelId, { before: range.around, limit: half });
  const start = older.messages.at(-1)?.id ?? NO_EVENT;
  const newer = await readForward(deps, channelId, { after: start, limit: Math.max(1, range.limit - half) });
  return { messages: [...older.messages, ...newer.messages], more: { before: older.more.before, after: newer.more.after } };
}

/** After the window was lost there is a moment in which acked events are on their way to the store: better no answer than a wrong one. */
function wholeSlice(slice: WindowSlice): WindowSlice {
  if (slice.whole) return slice;
  throw new ChatError('UNAVAILABLE', { details: { reason: 'recent messages are being restored' } });
}

function merge(stored: readonly Message[], slice: WindowSlice): Message[] {
  const messages = new Map<EventId, Message>(stored.map((message) => [message.id, message]));
  overlayEvents(messages, eventsOf(slice), () => true);
  return [...messages.values()].filter((message) => !message.voided).sort(byId);
}

/** The newest page can do without the store; what is older cannot. */
async function orWindowAlone(page: Promise<readonly Message[]>, newest: boolean): Promise<{ messages: readonly Message[]; away: boolean }> {
  try {
    return { messages: await page, away: false };
  } catch (error) {
    if (!newest) throw error;
    return { messages: [], away: true };
  }
}
