import { targetOf, type ChatEvent, type MessageEvent } from '../shared/domain/events.js';
import { NO_EVENT, type ClientId, type EventId, type MessageId, type UserId } from '../shared/domain/ids.js';
import type { Message } from '../shared/domain/model.js';
import type { WarrenError } from './errors.js';
import { dropFirstEntries, entriesOf, findEntry, firstEntry, mapEntries, NO_ENTRIES, putEntry, type EntryList } from './entry-list.js';
import { addComment, changeEntry, entryFromEvent, entryFromState, logChange, mergeState } from './timeline-entry.js';
import type { ChangeLog, Entry, TimelineMessage } from './timeline-entry.js';

/**
 * One channel's messages as a device holds them: every message with an id of at least `from`, sorted by id, then what this device
 * has not got an ack for, in the order it was written. Pure: each function returns the next state and what it changed.
 */
export interface Timeline {
  readonly entries: EntryList;
  readonly pending: readonly TimelineMessage[];
  /** '' when the list begins with the channel's first message. */
  readonly from: EventId;
  /** Messages kept; `paged` of them more because somebody scrolled up to them. */
  readonly limit: number;
  readonly paged: number;
  readonly log: ChangeLog;
}

export interface Change {
  readonly timeline: Timeline;
  /** Messages that were not here before and belong to the time since this device looks. */
  readonly added: readonly TimelineMessage[];
  readonly updated: readonly TimelineMessage[];
}

export function createTimeline(from: EventId, limit: number): Timeline {
  return { entries: NO_ENTRIES, pending: [], from, limit, paged: 0, log: [] };
}

/** What the screen shows. */
export function visibleMessages(timeline: Timeline): readonly TimelineMessage[] {
  const shown: TimelineMessage[] = [];
  for (const run of timeline.entries.runs) for (const { message } of run) if (!message.voided) shown.push(message);
  for (const message of timeline.pending) shown.push(message);
  return shown;
}

/** Idempotent. An event about a message that is not here is remembered for a while, should the message come later. */
export function applyToTimeline(timeline: Timeline, event: ChatEvent): Change {
  const log = event.type === 'message' ? timeline.log : logChange(timeline.log, event);
  const next = { ...timeline, log };
  const known = findEntry(next.entries, targetOf(event));
  if (known === undefined) return event.type === 'message' ? insertFromEvent(next, event) : unchanged(next);
  const changed = changeEntry(known, event, log);
  return event.type === 'message' ? announce(next, known, changed) : replaceEntry(next, known, changed);
}

function insertFromEvent(timeline: Timeline, event: MessageEvent): Change {
  const entry = entryFromEvent(event, timeline.log);
  const travelsAgain = event.messageId !== undefined;
  const inList = entry.message.id >= timeline.from;
  if (!inList && travelsAgain) return unchanged(dropPending(timeline, event.senderId, event.clientId));
  return insertEntry(timeline, entry, { inList });
}

/**
 * States from `sync`. Older messages that merely changed are updated where they are shown; `wanted` names those that were missing, which
 * are news however old they are.
 */
export function mergeStates(timeline: Timeline, states: readonly Message[], wanted: ReadonlySet<EventId>): Change {
  const how = { wanted, read: 'later' } as const;
  return states.reduce<Change>((change, state) => combine(change, mergeOne(change.timeline, state, how)), unchanged(timeline));
}

interface Merging {
  readonly wanted: ReadonlySet<EventId>;
  /** Answers to `sync` come in the order in which they were read; a page of history may be older than what came before it. */
  readonly read: 'later' | 'some time';
}

function mergeOne(timeline: Timeline, state: Message, { wanted, read }: Merging): Change {
  const known = findEntry(timeline.entries, state.id);
  if (known !== undefined) return announce(timeline, known, mergeState(known, state, { log: timeline.log, read }));
  const inList = state.id >= timeline.from;
  if (!inList && !wanted.has(state.id)) return unchanged(timeline);
  return insertEntry(timeline, entryFromState(state, timeline.log), { inList });
}

/**
 * States out of an answer that is not all: they may lack events before their `updatedId`. What is not here yet is shown; what is here knows
 * better, and the answer that is all replaces both.
 */
export function mergeUnsure(timeline: Timeline, states: readonly Message[], wanted: ReadonlySet<EventId>): Change {
  return states.reduce<Change>((change, state) => combine(change, addUnsure(change.timeline, state, wanted)), unchanged(timeline));
}

function addUnsure(timeline: Timeline, state: Message, wanted: ReadonlySet<EventId>): Change {
  const inList = state.id >= timeline.from;
  if (findEntry(timeline.entries, state.id) !== undefined || (!inList && !wanted.has(state.id))) return unchanged(timeline);
  return insertEntry(timeline, { ...entryFromState(state, timeline.log), snapshotAt: NO_EVENT }, { inList });
}

/**
 * A page of history that ends just before the list's first message, or is the newest page. `first` says that there is nothing older than the
 * page. Nothing in it is news, but for what is beyond the cursor: that will be when the channel's events bring it.
 */
export function mergePage(
  timeline: Timeline,
  messages: readonly Message[],
  page: { readonly first: boolean; readonly cursor: EventId },
): Timeline {
  const start = page.first ? NO_EVENT : (messages[0]?.id ?? timeline.from);
  const from = start < timeline.from ? start : timeline.from;
  const known = new Set(
    entriesOf(timeline.entries)
      .filter(({ early }) => early !== true)
      .map(({ message }) => message.id),
  );
  const how = { wanted: new Set<EventId>(), read: 'some time' } as const;
  const merged = messages.reduce((next, message) => mergeOne(next, message, how).timeline, { ...timeline, from });
  const ahead = new Set(messages.flatMap(({ id }) => (id > page.cursor && !known.has(id) ? [id] : [])));
  if (ahead.size === 0) return merged;
  return { ...merged, entries: mapEntries(merged.entries, (entry) => (ahead.has(entry.message.id) ? { ...entry, early: true } : entry)) };
}

/** Scrolling up makes room for `count` more messages; going back to the newest ones gives it up again. */
export function makeRoom(timeline: Timeline, count: number): Timeline {
  return { ...timeline, paged: timeline.paged + count };
}

export function giveUpRoom(timeline: Timeline): Timeline {
  return trim({ ...timeline, paged: 0 });
}

export function addPending(timeline: Timeline, message: TimelineMessage): Timeline {
  return { ...timeline, pending: [...timeline.pending, message] };
}

export function markPending(timeline: Timeline, clientId: ClientId, mark: { status: 'pending' | 'failed'; error?: WarrenError }): Timeline {
  const pending = timeline.pending.map((m) => (m.clientId === clientId ? { ...m, error: undefined, ...mark } : m));
  return { ...timeline, pending };
}

export function dropPending(timeline: Timeline, senderId: UserId, clientId: ClientId): Timeline {
  const pending = timeline.pending.filter((m) => m.clientId !== clientId || m.senderId !== senderId);
  return pending.length === timeline.pending.length ? timeline : { ...timeline, pending };
}

/** The id before which older messages are to be asked for; undefined when the newest page is to be asked for. */
export function oldestId(timeline: Timeline): MessageId | undefined {
  return firstEntry(timeline.entries)?.message.id;
}

function insertEntry(timeline: Timeline, entry: Entry, place: { readonly inList: boolean }): Change {
  const { message } = entry;
  const shown = message.voided || message.deleted ? [] : [message];
  const cleared = dropPending(timeline, message.senderId, message.clientId);
  if (!place.inList) return { timeline: cleared, added: shown, updated: [] };
  const grown = trim({ ...cleared, entries: putEntry(cleared.entries, entry) });
  return combine({ timeline: grown, added: shown, updated: [] }, countComment(grown, message));
}

function countComment(timeline: Timeline, comment: Message): Change {
  if (comment.parentId === undefined || comment.deleted || comment.voided) return unchanged(timeline);
  const parent = findEntry(timeline.entries, comment.parentId);
  return parent === undefined ? unchanged(timeline) : replaceEntry(timeline, parent, addComment(parent, comment));
}

/** The channel's events have come to a message that is shown already. */
function announce(timeline: Timeline, known: Entry, entry: Entry): Change {
  if (known.early !== true) return replaceEntry(timeline, known, entry);
  const { timeline: next } = replaceEntry(timeline, known, { ...entry, early: undefined });
  return { timeline: next, added: entry.message.deleted || entry.message.voided ? [] : [entry.message], updated: [] };
}

function replaceEntry(timeline: Timeline, known: Entry, entry: Entry): Change {
  if (known === entry) return unchanged(timeline);
  return { timeline: { ...timeline, entries: putEntry(timeline.entries, entry) }, added: [], updated: [entry.message] };
}

function trim(timeline: Timeline): Timeline {
  const excess = timeline.entries.length - timeline.limit - timeline.paged;
  if (excess <= 0) return timeline;
  const entries = dropFirstEntries(timeline.entries, excess);
  return { ...timeline, entries, from: firstEntry(entries)?.message.id ?? timeline.from };
}

function unchanged(timeline: Timeline): Change {
  return { timeline, added: [], updated: [] };
}

function combine(first: Change, second: Change): Change {
  return { timeline: second.timeline, added: [...first.added, ...second.added], updated: [...first.updated, ...second.updated] };
}
