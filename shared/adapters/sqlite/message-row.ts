import type { ChannelId, ClientId, EventId, MessageId, UserId } from '../../domain/ids.js';
import type { Attachment, CommentSummary, Message, Reaction } from '../../domain/model.js';

/** A message as its row: lists as JSON, null when they are empty. */
export interface MessageRow {
  readonly channel_id: ChannelId;
  readonly id: MessageId;
  readonly updated_id: EventId;
  readonly prev: EventId;
  readonly sender_id: UserId;
  readonly client_id: ClientId;
  readonly created_at: string;
  readonly content: string;
  readonly parent_id: MessageId | null;
  readonly edited: number;
  readonly edited_id: EventId | null;
  readonly deleted: number;
  readonly voided: number;
  readonly mentions: string | null;
  readonly reactions: string | null;
  readonly comments: string | null;
  readonly attachments: string | null;
}

/** In the order of a row's keys: statements bind and name columns by it. */
export const COLUMNS = [
  'channel_id',
  'id',
  'updated_id',
  'prev',
  'sender_id',
  'client_id',
  'created_at',
  'content',
  'parent_id',
  'edited',
  'edited_id',
  'deleted',
  'voided',
  'mentions',
  'reactions',
  'comments',
  'attachments',
] as const satisfies readonly (keyof MessageRow)[];

/** Bound by position, which is faster than by name. */
export function toValues(message: Message): readonly (string | number | null)[] {
  return [
    message.channelId,
    message.id,
    message.updatedId,
    message.prev,
    message.senderId,
    message.clientId,
    message.createdAt,
    message.content,
    message.parentId ?? null,
    Number(message.edited),
    message.editedId ?? null,
    Number(message.deleted),
    Number(message.voided),
    listJson(message.mentions),
    listJson(message.reactions),
    message.comments === undefined ? null : JSON.stringify(message.comments),
    listJson(message.attachments),
  ];
}

/** The columns of a message that has nothing but its text, as nearly all have: half as many values to bind. The others have these defaults. */
export const PLAIN_COLUMNS = COLUMNS.slice(0, 8);
export const PLAIN_DEFAULTS = { edited: 0, deleted: 0, voided: 0 } as const satisfies Partial<MessageRow>;

/** Whether a message has nothing but its text, and has not been changed. */
export function isPlain(message: Message): boolean {
  const { mentions, reactions, attachments, parentId, comments, edited, deleted, voided } = message;
  if (mentions.length > 0 || reactions.length > 0 || attachments.length > 0 || parentId !== undefined || comments !== undefined)
    return false;
  return !edited && !deleted && !voided;
}

/** Undefined for a message that is not plain. */
export function toPlainValues(message: Message): readonly string[] | undefined {
  if (!isPlain(message)) return undefined;
  const { channelId, id, updatedId, prev, senderId, clientId, createdAt, content } = message;
  return [channelId, id, updatedId, prev, senderId, clientId, createdAt, content];
}

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    prev: row.prev,
    updatedId: row.updated_id,
    channelId: row.channel_id,
    senderId: row.sender_id,
    clientId: row.client_id,
    createdAt: row.created_at,
    content: row.content,
    mentions: parseList(row.mentions) as readonly string[],
    edited: row.edited === 1,
    ...(row.edited_id === null ? {} : { editedId: row.edited_id }),
    deleted: row.deleted === 1,
    voided: row.voided === 1,
    ...(row.parent_id === null ? {} : { parentId: row.parent_id }),
    reactions: parseList(row.reactions) as readonly Reaction[],
    ...(row.comments === null ? {} : { comments: JSON.parse(row.comments) as { count: number; last: CommentSummary } }),
    attachments: parseList(row.attachments) as readonly Attachment[],
  };
}

function listJson(list: readonly unknown[]): string | null {
  return list.length === 0 ? null : JSON.stringify(list);
}

function parseList(json: string | null): unknown {
  return json === null ? [] : JSON.parse(json);
}
