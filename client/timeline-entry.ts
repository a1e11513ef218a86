import { applyEvent, messageFromEvent, type ChatEvent, type MessageEvent } from '../shared/domain/events.js';
import type { EventId } from '../shared/domain/ids.js';
import type { Message } from '../shared/domain/model.js';
import type { WarrenError } from './errors.js';

/** A message as the screen shows it. A pending or failed one has no id yet: its `clientId` names it. */
export interface TimelineMessage extends Message {
  readonly status: 'pending' | 'sent' | 'failed';
  /** Why it failed. */
  readonly error?: WarrenError | undefined;
}

export interface Entry {
  readonly message: TimelineMessage;
  /** The state up to this event came from the server as a whole: earlier events are in it. */
  readonly snapshotAt: EventId;
  /** A page of history brought it before the channel's events did: it is still news when they do. */
  readonly early?: boolean | undefined;
}

/** Changes to messages that were seen lately, ascending: they go over states and messages that arrive after them. */
export type ChangeLog = readonly Exclude<ChatEvent, MessageEvent>[];

const LOGGED = 100;

export function logChange(log: ChangeLog, event: Exclude<ChatEvent, MessageEvent>): ChangeLog {
  if (log.some((known) => known.id === event.id)) return log;
  const later = log.findIndex((known) => known.id > event.id);
  const grown = log.slice();
  grown.splice(later === -1 ? log.length : later, 0, event);
  return grown.slice(-LOGGED);
}

/** The state the server gave, with everything over it that is known to have happened later. */
export function entryFromState(state: Message, log: ChangeLog): Entry {
  return { message: toSent(replay(state, log, state.updatedId)), snapshotAt: state.updatedId };
}

/** A message that travels again keeps its own id, so changes between its first travel and this one still count. */
export function entryFromEvent(event: MessageEvent, log: ChangeLog): Entry {
  const { messageId } = event;
  const first = messageFromEvent(messageId === undefined ? event : { ...event, id: messageId, messageId: undefined });
  const known = replay(first, log, first.id);
  return { message: toSent(messageId === undefined ? known : applyEvent(known, event)), snapshotAt: first.id };
}

/** The entry after the event; events that arrive out of order end in the same state. `log` holds the event already. */
export function changeEntry(entry: Entry, event: ChatEvent, log: ChangeLog): Entry {
  if (event.id <= entry.snapshotAt) return changeSnapshot(entry, event);
  return { ...entry, message: toSent(replay(applyEvent(entry.message, event), log, event.id)) };
}

/** The state may have been read while an earlier event was still on its way. An edit knows whether it is the newest, a deletion is final. */
function changeSnapshot(entry: Entry, event: ChatEvent): Entry {
  if (event.type === 'message' || event.type === 'reaction') return entry;
  return { ...entry, message: toSent(applyEvent(entry.message, event)) };
}

/**
 * A newer state replaces an older one; a state that is not newer than the one at hand says nothing. `read` tells whether it is known to have
 * been read later: then one up to the same event may have an earlier event in it that was still on its way before.
 */
export function mergeState(entry: Entry, state: Message, facts: { readonly log: ChangeLog; readonly read: 'later' | 'some time' }): Entry {
  const { deleted, voided } = entry.message;
  // A voided copy does not say whether it was deleted before.
  const wouldRevive = !state.voided && (voided || (deleted && !state.deleted));
  if (wouldRevive) return entry;
  if (isNewer(state, entry)) return entryFromState(state, facts.log);
  if (facts.read !== 'later' || !isAsNew(state, entry)) return entry;
  const other = entryFromState(state, facts.log);
  return looksAlike(other.message, entry.message) ? entry : other;
}

/** Of two states up to the same event, one may have been read while an earlier edit was still on its way. */
function isNewer(state: Message, { message, snapshotAt }: Entry): boolean {
  if (state.updatedId !== snapshotAt) return state.updatedId > snapshotAt;
  return (state.editedId ?? '') > (message.editedId ?? '');
}

function isAsNew(state: Message, { message, snapshotAt }: Entry): boolean {
  return state.updatedId === snapshotAt && (state.editedId ?? '') === (message.editedId ?? '');
}

/** Edits say which is the newest; what else a message collects does not. */
function looksAlike(one: Message, other: Message): boolean {
  return JSON.stringify([one.reactions, one.comments]) === JSON.stringify([other.reactions, other.comments]);
}

/** A comment moves its parent's summary, unless the parent's state from the server has it counted. */
export function addComment(parent: Entry, comment: Message): Entry {
  if (comment.id <= parent.snapshotAt || parent.message.deleted || parent.message.voided) return parent;
  const { id, senderId, content, createdAt } = comment;
  const known = parent.message.comments;
  const last = known !== undefined && known.last.id > id ? known.last : { id, senderId, content, createdAt };
  return { ...parent, message: { ...parent.message, comments: { count: (known?.count ?? 0) + 1, last } } };
}

/** Edits and deletions over and over again: they know whether they count. A reaction only where it is newer. */
function replay(message: Message, log: ChangeLog, after: EventId): Message {
  // The log has changes only, which name their message.
  const mine = log.filter((event) => event.messageId === message.id && (event.id > after || event.type !== 'reaction'));
  return mine.reduce<Message>(applyEvent, message);
}

function toSent(message: Message): TimelineMessage {
  return { ...message, status: 'sent' };
}
