import { messageFromEvent, targetOf, type ChatEvent, type MessageEvent } from '../domain/events.js';
import { NO_EVENT, type ChannelId, type EventId, type MessageId } from '../domain/ids.js';
import type { Message } from '../domain/model.js';
import type { EventLink, SyncedChannel } from '../protocol/frames.js';
import type { WindowSlice } from '../ports/index.js';
import { byUpdatedId, decodeEvent, eventsOf, largest, overlayEvents } from './overlay.js';
import type { TimelineDeps } from './timeline-deps.js';
import { readMessages } from './read-messages.js';

export interface SyncAsk {
  readonly channelId: ChannelId;
  readonly after: EventId;
  readonly ids?: readonly EventId[] | undefined;
}

/**
 * What a device at `after` has missed in one channel. Read from the recent window alone when that reaches back to
 * `after` (nearly every reconnect); else from the store, with the window laid over it.
 */
export async function syncChannel(
  deps: TimelineDeps,
  ask: SyncAsk,
  context: { readonly slice: WindowSlice; readonly limit: number },
): Promise<SyncedChannel> {
  const { slice, limit } = context;
  const asked = await readAsked(deps, ask);
  if (!slice.whole) return notAll(deps, ask, { slice, asked });
  if (await reachesBackTo(deps, ask, slice)) return fromWindow(deps, ask, { slice, asked, stored: [] });
  try {
    const stored = await deps.messages.changedAfter(ask.channelId, ask.after, limit);
    if (stored.length >= limit) return await storePage(deps, ask, { stored, asked, slice });
    return await fromWindow(deps, ask, { slice, asked, stored });
  } catch {
    return notAll(deps, ask, { slice, asked });
  }
}

/** What there is, for the screen; the device has to ask again. */
async function notAll(deps: TimelineDeps, ask: SyncAsk, found: Omit<Found, 'stored'>): Promise<SyncedChannel> {
  return incomplete(ask, await fromWindow(deps, ask, { ...found, stored: [] }));
}

function incomplete(ask: SyncAsk, found: SyncedChannel): SyncedChannel {
  return { ...found, cursor: ask.after, more: false, error: 'UNAVAILABLE' };
}

/**
 * Whether the window has everything since `after`. After Redis has lost its data, a window has what was numbered since then, in one chain, and
 * between that whatever was lost and has been sent again, which has no `prev`: such an event does not prove that what follows it is there.
 */
async function reachesBackTo(deps: TimelineDeps, ask: SyncAsk, slice: WindowSlice): Promise<boolean> {
  if (ask.after === NO_EVENT) return false;
  const first = slice.events[0];
  if (first !== undefined && decodeEvent(first.bytes).prev === ask.after) return true;
  const [held] = await deps.window.get(ask.channelId, [ask.after]);
  return held !== undefined && decodeEvent(held).prev !== NO_EVENT;
}

interface Asked {
  readonly messages: readonly Message[];
  /** The events that were asked for by name and that the window holds. */
  readonly events: readonly ChatEvent[];
  /** False when a repaired message was asked for and could not be read. */
  readonly sure: boolean;
}

interface Found {
  readonly slice: WindowSlice;
  readonly asked: Asked;
  readonly stored: readonly Message[];
}

/** A full page of the store, with what the window has up to its end; the rest comes with later pages. */
function storePage(deps: TimelineDeps, ask: SyncAsk, found: Found): Promise<SyncedChannel> {
  const cursor = found.stored.at(-1)?.updatedId ?? ask.after;
  return answerThrough(deps, ask, { ...found, cursor, more: true, archived: cursor });
}

function fromWindow(deps: TimelineDeps, ask: SyncAsk, found: Found): Promise<SyncedChannel> {
  const { slice, stored } = found;
  const lastStored = stored.at(-1)?.updatedId ?? NO_EVENT;
  // The store was read after the window: between the window's end and what the store has beyond that there may be events that neither showed.
  const cursor = largest(ask.after, slice.events.at(-1)?.id ?? lastStored);
  return answerThrough(deps, ask, { ...found, cursor, more: slice.more, archived: lastStored });
}

interface Answer extends Found {
  readonly cursor: EventId;
  readonly more: boolean;
  /** Known to be in the store. */
  readonly archived: EventId;
}

async function answerThrough(deps: TimelineDeps, ask: SyncAsk, answer: Answer): Promise<SyncedChannel> {
  const { slice, stored, asked, cursor, more, archived } = answer;
  const messages = new Map<MessageId, Message>(stored.map((message) => [message.id, message]));
  const events = eventsOf(slice).filter(({ id }) => id <= cursor);
  const orphans = overlayEvents(messages, events);
  const repaired = events.filter((event) => isRepair(event) && !stored.some(({ id }) => id === targetOf(event)));
  const { unresolved, sure } = await adoptOrphans(deps, ask.channelId, { messages, orphans, repaired });
  const answered = merge([...messages.values()], asked.messages);
  const late = await readLate(deps, ask, { ...answer, answered });
  const links = linksOf([...asked.events, ...events, ...late.events], unresolved);
  const synced = {
    channelId: ask.channelId,
    messages: merge(answered, late.events.filter(isFresh).map(messageFromEvent)),
    events: unresolved,
    ...(links.length === 0 ? {} : { links }),
    cursor,
    more,
    archivedThrough: largest(slice.archivedThrough, archived),
  };
  return sure && asked.sure && late.sure ? synced : incomplete(ask, synced);
}

/**
 * The changes that states show and the slice does not have, though the answer reaches beyond them. Before them others may be on their way from
 * another server, so their `prev` has to be told as well, and a comment that its parent shows. Not `sure` when one may not be in the window yet: what is archived was in it.
 */
async function readLate(
  deps: TimelineDeps,
  ask: SyncAsk,
  { slice, stored, asked, cursor, answered }: Answer & { readonly answered: readonly Message[] },
): Promise<{ readonly events: readonly ChatEvent[]; readonly sure: boolean }> {
  const known = new Set([...asked.events, ...slice.events].map(({ id }) => id));
  const changed = answered.filter(({ id, updatedId }) => updatedId !== id && updatedId > ask.after && updatedId <= cursor);
  const ids = changed.map(({ updatedId }) => updatedId).filter((id) => !known.has(id));
  if (ids.length === 0) return { events: [], sure: true };
  const found = await deps.window.get(ask.channelId, ids);
  const end = slice.events.at(-1)?.id ?? NO_EVENT;
  const inStore = new Set(stored.map(({ updatedId }) => updatedId));
  const isSettled = (id: EventId): boolean => inStore.has(id) && (id <= slice.archivedThrough || id > end);
  return {
    events: found.flatMap((bytes) => (bytes === undefined ? [] : [decodeEvent(bytes)])),
    sure: ids.every((id, i) => found[i] !== undefined || isSettled(id)),
  };
}

/** It stands for an event that the window never had and the store has: of its message the window alone shows too little. */
function isRepair(event: ChatEvent): boolean {
  return event.type === 'message' && event.messageId !== undefined && event.resync === true;
}

function isFresh(event: ChatEvent): event is MessageEvent {
  return event.type === 'message' && event.messageId === undefined;
}

/** Of a message's states only the first event's `prev` is there to be seen. */
function linksOf(events: readonly ChatEvent[], shown: readonly ChatEvent[]): EventLink[] {
  const others = new Set([...shown, ...events.filter(isFresh)].map(({ id }) => id));
  const links = new Map(events.filter(({ id }) => !others.has(id)).map(({ id, prev }) => [id, { id, prev }]));
  return [...links.values()];
}

/**
 * Puts the messages that the window does not show, or not whole, among the others, as the store has them. `unresolved` are the events that stay
 * without one; not `sure` when a repaired message could not be read.
 */
async function adoptOrphans(
  deps: TimelineDeps,
  channelId: ChannelId,
  facts: { readonly messages: Map<MessageId, Message>; readonly orphans: readonly ChatEvent[]; readonly repaired: readonly ChatEvent[] },
): Promise<{ readonly unresolved: readonly ChatEvent[]; readonly sure: boolean }> {
  const { messages, orphans, repaired } = facts;
  const targets = [...new Set([...repaired, ...orphans].map(targetOf))];
  if (targets.length === 0) return { unresolved: [], sure: true };
  const { messages: found, storeAway } = await readMessages(deps, channelId, targets);
  for (const message of found.values()) messages.set(message.id, message);
  return { unresolved: orphans.filter((event) => !found.has(targetOf(event))), sure: repaired.length === 0 || !storeAway };
}

const NOTHING: Asked = { messages: [], events: [], sure: true };

/** Events that a device asked for by id: whatever is known of their messages. */
async function readAsked(deps: TimelineDeps, ask: SyncAsk): Promise<Asked> {
  const ids = ask.ids ?? [];
  if (ids.length === 0) return NOTHING;
  const [found, stored] = await Promise.all([
    deps.window.get(ask.channelId, ids),
    deps.messages.getMany(ask.channelId, ids).catch(() => undefined),
  ]);
  const held = found.flatMap((bytes) => (bytes === undefined ? [] : [decodeEvent(bytes)]));
  // Nearly always: what was reserved and never committed is nowhere, and the whole window need not be read to say so.
  if (held.length === 0 && stored?.length === 0) return NOTHING;
  const { messages, storeAway } = await readMessages(deps, ask.channelId, [...new Set([...ids, ...held.map(targetOf)])]);
  const events = held.filter((event) => messages.has(targetOf(event)));
  return { messages: [...messages.values()], events, sure: !storeAway || !held.some(isRepair) };
}

/** The newest state of each: what was asked for by name was read after the window's slice, and before the store's answer. */
function merge(messages: readonly Message[], asked: readonly Message[]): Message[] {
  const all = new Map<MessageId, Message>(messages.map((message) => [message.id, message]));
  for (const message of asked) if (message.updatedId >= (all.get(message.id)?.updatedId ?? NO_EVENT)) all.set(message.id, message);
  return [...all.values()].sort(byUpdatedId);
}
