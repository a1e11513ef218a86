import type { ChatEvent, ReactionEvent } from '../shared/domain/events.js';
import type { MessageId } from '../shared/domain/ids.js';
import type { Message } from '../shared/domain/model.js';
import { findEntry } from './entry-list.js';
import type { ChangeLog, Entry } from './timeline-entry.js';
import type { Timeline } from './timeline.js';

/*
 * A state that reaches up to an event need not have every earlier one in it: it may have been read while one of them was still on its way from
 * another server. Edits and deletions tell by themselves whether they count; a reaction or a comment does not. So where a state seems to lack
 * one that is known, its message is asked for once more. That may be in vain (something later undid it), never wrong.
 */

/** The messages whose states may lack the event that has just been applied. */
export function doubtsAfterEvent(timeline: Timeline, event: ChatEvent): readonly MessageId[] {
  if (event.type === 'reaction') return [event.messageId].filter((id) => lacksReaction(findEntry(timeline.entries, id), timeline.log));
  if (event.type !== 'message' || event.parentId === undefined) return [];
  const parent = findEntry(timeline.entries, event.parentId);
  return parent !== undefined && event.id <= parent.snapshotAt && lastComment(parent) !== event.id ? [event.parentId] : [];
}

/** The messages whose states, just merged, may lack what was known before. */
export function doubtsAfterStates(before: Timeline, after: Timeline, states: readonly Message[]): readonly MessageId[] {
  return states.flatMap(({ id }) => {
    const entry = findEntry(after.entries, id);
    return lacksReaction(entry, after.log) || lacksComment(findEntry(before.entries, id), entry) ? [id] : [];
  });
}

function lacksReaction(entry: Entry | undefined, log: ChangeLog): boolean {
  if (entry === undefined || isGone(entry)) return false;
  const { message, snapshotAt } = entry;
  const newest = new Map<string, ReactionEvent>();
  for (const event of log) {
    if (event.type === 'reaction' && event.messageId === message.id) newest.set(`${event.senderId} ${event.emoji}`, event);
  }
  return [...newest.values()].some((event) => event.id <= snapshotAt && shows(message, event) !== (event.action === 'add'));
}

function shows(message: Message, { emoji, senderId }: ReactionEvent): boolean {
  return message.reactions.some((reaction) => reaction.emoji === emoji && reaction.users.includes(senderId));
}

function lacksComment(before: Entry | undefined, after: Entry | undefined): boolean {
  if (before === undefined || after === undefined || isGone(after)) return false;
  const known = lastComment(before);
  return known > lastComment(after) && known <= after.snapshotAt;
}

function lastComment({ message }: Entry): string {
  return message.comments?.last.id ?? '';
}

function isGone({ message }: Entry): boolean {
  return message.deleted || message.voided;
}
