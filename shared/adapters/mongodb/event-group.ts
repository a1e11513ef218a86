import { applyEvent, changesParent, firstState, targetOf, type ChatEvent } from '../../domain/events.js';
import { NO_EVENT, type ChannelId, type EventId, type MessageId } from '../../domain/ids.js';
import type { Message } from '../../domain/model.js';
import { documentId } from './message-document.js';

/** The events of one batch about one message, in order: they cost one write. */
export interface EventGroup {
  readonly _id: string;
  readonly channelId: ChannelId;
  readonly events: ChatEvent[];
}

export interface FoldedGroup {
  /** Undefined when nothing is to be stored. */
  readonly message: Message | undefined;
  readonly conflicts: readonly { readonly event: ChatEvent; readonly winnerId: MessageId }[];
  readonly orphans: readonly ChatEvent[];
}

export function groupByMessage(events: readonly ChatEvent[]): EventGroup[] {
  const groups = new Map<string, EventGroup>();
  for (const event of events) {
    const _id = documentId(event.channelId, targetOf(event));
    const group = groups.get(_id);
    if (group === undefined) groups.set(_id, { _id, channelId: event.channelId, events: [event] });
    else group.events.push(event);
  }
  return [...groups.values()];
}

/** The message after the group's events; `winnerId` is the message that holds its client id, if it is another one. */
export function foldGroup(group: EventGroup, stored: Message | undefined, winnerId: MessageId | undefined): FoldedGroup {
  const conflicts: { event: ChatEvent; winnerId: MessageId }[] = [];
  const orphans: ChatEvent[] = [];
  let message = stored;
  for (const event of group.events) {
    if (message !== undefined) message = applyEvent(message, event);
    else if (event.type === 'message' && winnerId !== undefined) conflicts.push({ event, winnerId });
    else message = firstState(event);
    if (message === undefined && event.type !== 'message') orphans.push(event);
  }
  return { message, conflicts, orphans };
}

/** The newest of the group's events that moves the parent's summary; '' when none does. */
export function newestForParent(group: EventGroup): EventId {
  return group.events.reduce((max, event) => (changesParent(event) && event.id > max ? event.id : max), NO_EVENT);
}
