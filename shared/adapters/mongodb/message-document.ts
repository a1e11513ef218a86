import type { ChannelId, MessageId } from '../../domain/ids.js';
import type { Message } from '../../domain/model.js';

/**
 * A message as its document: its JSON, and what the indexes need. `_id` is channel id + message id, so that the index that
 * every collection has is also the one for pages of a channel.
 */
export interface MessageDocument extends Omit<Message, 'parentId' | 'comments' | 'editedId'> {
  readonly _id: string;
  /** Counts writes: an update names the one it has read. */
  readonly rev: number;
  /** Unique in its channel: {@link claimOf}. */
  readonly claim: string;
  readonly parentId?: MessageId;
  readonly comments: Message['comments'] | null;
  readonly editedId?: Message['id'] | null;
}

export function documentId(channelId: ChannelId, messageId: MessageId | ''): string {
  return channelId + messageId;
}

/** Sender and client id of a message; a voided one has lost them to another message, and claims only itself. */
export function claimOf(message: Pick<Message, 'id' | 'senderId' | 'clientId' | 'voided'>): string {
  return message.voided ? `void:${message.id}` : `${message.senderId}:${message.clientId}`;
}

export function toDocument(message: Message): MessageDocument {
  const { parentId, comments = null, editedId = null, ...rest } = message;
  const _id = documentId(message.channelId, message.id);
  return { _id, rev: 0, claim: claimOf(message), ...rest, ...(parentId === undefined ? {} : { parentId }), comments, editedId };
}

/** What an event can change, for `$set`. */
export function changeableFields(message: Message): Partial<MessageDocument> {
  const { updatedId, content, mentions, edited, editedId = null, deleted, voided, reactions, comments = null, attachments } = message;
  return { claim: claimOf(message), updatedId, content, mentions, edited, editedId, deleted, voided, reactions, comments, attachments };
}

export function toMessage(document: MessageDocument): Message {
  const { _id, rev: _rev, claim: _claim, comments, editedId, ...message } = document;
  return { ...message, ...(editedId == null ? {} : { editedId }), ...(comments == null ? {} : { comments }) };
}
