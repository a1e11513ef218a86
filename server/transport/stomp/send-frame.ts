import { randomUUID } from 'node:crypto';
import type { ChatEvent } from '../../../shared/domain/events.js';
import type { ChannelId, UserId } from '../../../shared/domain/ids.js';
import type { AckFrame, CommandFrame } from '../../../shared/protocol/frames.js';
import { decode, invalid } from './parser.js';
import type { StompFrame } from './frame.js';

/** A command as the protocol has it, not checked yet: the session's schema does that. */
export type Draft = Readonly<Record<string, unknown>> & { readonly type: string; readonly channelId: ChannelId; readonly clientId: string };

const TYPES: Readonly<Record<string, string>> = { message: 'send', edit: 'edit', delete: 'delete', reaction: 'react' };
/** Fields of a JSON body; headers of the same meaning come before them. */
const FIELDS = ['clientId', 'content', 'mentions', 'parentId', 'attachments', 'messageId', 'emoji', 'action', 'resend'];
const HEADERS: readonly (readonly [field: string, ...names: readonly string[]])[] = [
  ['clientId', 'client-id', 'clientId'],
  ['parentId', 'parent-id', 'parentId'],
  ['messageId', 'message-id', 'messageId'],
  ['emoji', 'emoji'],
  ['action', 'action'],
];

/**
 * The command that a SEND asks for: `kind` says which, a message when there is none. The body is the text, or JSON with the
 * fields of the protocol where the content type says so; without a content type, an object with a text `content` is taken for that.
 * @throws ChatError INVALID_INPUT
 */
export function draftOf(frame: StompFrame, channelId: ChannelId): Draft {
  const { headers } = frame;
  const type = TYPES[headers.get('kind') ?? 'message'];
  if (type === undefined) throw invalid('kind is none of message, edit, delete, reaction');
  const fields: Record<string, unknown> = { ...readBody(frame) };
  for (const [field, ...names] of HEADERS) {
    const value = names.map((name) => headers.get(name)).find((text) => text !== undefined);
    if (value !== undefined) fields[field] = value;
  }
  const mentions = headers.get('mentions');
  if (mentions !== undefined) fields['mentions'] = mentions.split(',').map((name) => name.trim());
  if (headers.get('resend') === 'true') fields['resend'] = true;
  const { clientId } = fields;
  return { ...fields, type, channelId, clientId: typeof clientId === 'string' ? clientId : randomUUID() };
}

function readBody(frame: StompFrame): Readonly<Record<string, unknown>> {
  const text = decode(frame.body, 'the bytes of the body');
  const contentType = frame.headers.get('content-type');
  const declared = contentType !== undefined && /^application\/([\w.+-]+\+)?json\b/i.test(contentType);
  if (!declared && (contentType !== undefined || !text.startsWith('{'))) return text === '' ? {} : { content: text };
  const json = parseObject(text);
  if (declared && json === undefined && text !== '') throw invalid('the body is not a JSON object');
  if (!declared && typeof json?.['content'] !== 'string') return { content: text };
  return Object.fromEntries(FIELDS.filter((name) => json?.[name] !== undefined).map((name) => [name, json?.[name]]));
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** The event that the ack of a command stands for: the sending session gets the ack in its place. The command has been accepted, so it is one. */
export function eventOf(draft: Draft, ack: AckFrame, senderId: UserId): ChatEvent {
  const command = draft as unknown as CommandFrame;
  const { id, prev, createdAt, clientId, channelId } = ack;
  const head = { id, prev, channelId, senderId, clientId, createdAt };
  switch (command.type) {
    case 'send': {
      const { content, mentions, parentId, attachments } = command;
      const messageId = ack.messageId === undefined ? {} : { messageId: ack.messageId };
      return { type: 'message', ...head, ...messageId, content, mentions, parentId, attachments };
    }
    case 'edit':
      return { type: 'edit', ...head, messageId: command.messageId, content: command.content, mentions: command.mentions };
    case 'delete':
      return { type: 'delete', ...head, messageId: command.messageId };
    case 'react':
      return { type: 'reaction', ...head, messageId: command.messageId, emoji: command.emoji, action: command.action };
  }
}
