import { NO_EVENT, type ChannelId, type ClientId, type EventId, type MessageId, type UserId } from './ids.js';
import type { Attachment, CommentSummary, Message, Reaction } from './model.js';

/**
 * What a channel's chain links. An event has an id of its own and names the event before it (`prev`); its JSON is made
 * once, at the sender's server, and the same bytes go to the persist queue, the recent window and the sockets.
 * Fields that have their default are left out to keep those bytes few.
 */
interface EventBase {
  readonly id: EventId;
  /** Empty when the event before this one is not known: devices then ask for what follows their cursor. */
  readonly prev: EventId;
  readonly channelId: ChannelId;
  readonly senderId: UserId;
  readonly clientId: ClientId;
  readonly createdAt: string;
}

export interface MessageEvent extends EventBase {
  readonly type: 'message';
  /** Only when the message travels again under a new event id (a late resend, a repair): the message's own id. */
  readonly messageId?: MessageId | undefined;
  /** Only when it travels again: not all of its state is in here, so devices ask for what follows their cursor. */
  readonly resync?: true | undefined;
  readonly content: string;
  readonly mentions?: readonly string[] | undefined;
  readonly parentId?: MessageId | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
}

export interface EditEvent extends EventBase {
  readonly type: 'edit';
  readonly messageId: MessageId;
  readonly content: string;
  readonly mentions?: readonly string[] | undefined;
}

export interface DeleteEvent extends EventBase {
  readonly type: 'delete';
  readonly messageId: MessageId;
}

export interface ReactionEvent extends EventBase {
  readonly type: 'reaction';
  readonly messageId: MessageId;
  readonly emoji: string;
  readonly action: 'add' | 'remove';
}

/** The message `messageId` turned out to be a second copy of `winnerId`; devices drop it. Made by the archiver only. */
export interface VoidEvent extends EventBase {
  readonly type: 'void';
  readonly messageId: MessageId;
  readonly winnerId: MessageId;
}

export type ChatEvent = MessageEvent | EditEvent | DeleteEvent | ReactionEvent | VoidEvent;

/** The message an event is about. */
export function targetOf(event: ChatEvent): MessageId {
  return event.type === 'message' ? (event.messageId ?? event.id) : event.messageId;
}

/** The state of a message right after its first event. */
export function messageFromEvent(event: MessageEvent): Message {
  const message = {
    id: event.messageId ?? event.id,
    prev: event.prev,
    updatedId: event.id,
    channelId: event.channelId,
    senderId: event.senderId,
    clientId: event.clientId,
    createdAt: event.createdAt,
    content: event.content,
    mentions: event.mentions ?? [],
    edited: false,
    deleted: false,
    voided: false,
    reactions: [],
    attachments: event.attachments ?? [],
  };
  return event.parentId === undefined ? message : { ...message, parentId: event.parentId };
}

/**
 * The state that an event makes of a message that is not stored; undefined when it needs one that is. A void leaves a
 * tombstone, so that devices which saw the message learn that it is gone.
 */
export function firstState(event: ChatEvent): Message | undefined {
  if (event.type === 'message') return messageFromEvent(event);
  if (event.type !== 'void') return undefined;
  const { id: updatedId, messageId: id, channelId, senderId, clientId, createdAt } = event;
  const flags = { edited: false, deleted: false, voided: true };
  return { id, prev: NO_EVENT, updatedId, channelId, senderId, clientId, createdAt, ...EMPTIED, ...flags };
}

/**
 * The message after the event: idempotent, and the same for every order in which a replay of a suffix of the channel's
 * events may come: an edit counts when no later edit has been applied, whatever else has happened to the message.
 */
export function applyEvent(message: Message, event: ChatEvent): Message {
  const updatedId = event.id > message.updatedId ? event.id : message.updatedId;
  if (message.voided) return { ...message, updatedId };
  switch (event.type) {
    case 'message':
      return { ...message, updatedId };
    case 'void':
      return { ...message, ...EMPTIED, updatedId, voided: true };
    case 'delete':
      return { ...message, ...EMPTIED, updatedId, deleted: true };
    case 'edit':
      if (message.deleted || event.id <= (message.editedId ?? message.id)) return { ...message, updatedId };
      return { ...message, updatedId, content: event.content, mentions: event.mentions ?? [], edited: true, editedId: event.id };
    case 'reaction':
      if (message.deleted) return { ...message, updatedId };
      return { ...message, updatedId, reactions: applyReaction(message.reactions, event) };
  }
}

const EMPTIED = { content: '', mentions: [], reactions: [], attachments: [] };

function applyReaction(reactions: readonly Reaction[], event: ReactionEvent): readonly Reaction[] {
  const current = reactions.find((r) => r.emoji === event.emoji);
  const others = current?.users.filter((user) => user !== event.senderId) ?? [];
  const users = event.action === 'add' ? [...others, event.senderId] : others;
  const next = { emoji: event.emoji, count: users.length, users };
  if (current === undefined) return users.length === 0 ? reactions : [...reactions, next];
  return reactions.flatMap((r) => (r.emoji !== event.emoji ? [r] : users.length === 0 ? [] : [next]));
}

/** Whether an event about a comment may change the summary that its parent shows, and so moves the parent's `updatedId`. */
export function changesParent(event: ChatEvent): boolean {
  return event.type !== 'reaction';
}

/** What a parent shows of its newest comment. */
export function summaryOf(comment: Message): CommentSummary {
  return { id: comment.id, senderId: comment.senderId, content: comment.content, createdAt: comment.createdAt };
}

/** A parent with its comments counted (neither deleted nor voided ones) after an event about one of them. */
export function withComments(
  parent: Message,
  comments: { readonly count: number; readonly last: Message | undefined },
  eventId: EventId,
): Message {
  const { comments: _before, ...rest } = parent;
  const updatedId = eventId > parent.updatedId ? eventId : parent.updatedId;
  if (comments.last === undefined) return { ...rest, updatedId };
  return { ...rest, updatedId, comments: { count: comments.count, last: summaryOf(comments.last) } };
}
