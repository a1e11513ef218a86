import type { ChatEvent } from '../shared/domain/events.js';
import type { ClientId, EventId, MessageId, UserId } from '../shared/domain/ids.js';
import type { AckFrame, CommandFrame, SendFrame } from '../shared/protocol/frames.js';
import { LIMITS } from '../shared/protocol/limits.js';
import { WarrenError } from './errors.js';
import { byteLength } from './frame-batch.js';
import type { TimelineMessage } from './timeline-entry.js';

/** The event that the ack stands for: the sending session never gets the event itself. */
export function eventFromAck(frame: CommandFrame, ack: AckFrame, senderId: UserId): ChatEvent {
  const { id, prev, createdAt } = ack;
  const base = { id, prev, createdAt, channelId: frame.channelId, clientId: frame.clientId, senderId };
  switch (frame.type) {
    case 'send': {
      const { content, mentions, parentId, attachments } = frame;
      return { ...base, type: 'message', messageId: ack.messageId, content, mentions, parentId, attachments };
    }
    case 'edit':
      return { ...base, type: 'edit', messageId: frame.messageId, content: frame.content, mentions: frame.mentions };
    case 'delete':
      return { ...base, type: 'delete', messageId: frame.messageId };
    case 'react':
      return { ...base, type: 'reaction', messageId: frame.messageId, emoji: frame.emoji, action: frame.action };
  }
}

/** How a message looks on the screen before it is acknowledged. */
export function pendingMessage(frame: SendFrame, senderId: UserId, now: number): TimelineMessage {
  const { channelId, clientId, content, mentions, parentId, attachments } = frame;
  return {
    id: '' as MessageId,
    prev: '' as EventId,
    updatedId: '' as EventId,
    channelId,
    senderId,
    clientId,
    createdAt: new Date(now).toISOString(),
    content,
    mentions: mentions ?? [],
    edited: false,
    deleted: false,
    voided: false,
    ...(parentId === undefined ? {} : { parentId }),
    reactions: [],
    attachments: attachments ?? [],
    status: 'pending',
  };
}

/** What the server would refuse for good is refused here, before it waits in the outbox. @throws WarrenError INVALID_INPUT or TOO_LARGE. */
export function checkCommand(frame: CommandFrame, limits: { readonly contentChars: number; readonly frameBytes: number }): void {
  if ('content' in frame) {
    if (frame.content === '') throw new WarrenError('INVALID_INPUT', 'There is nothing to send', { field: 'content' });
    if (frame.content.length > limits.contentChars) throw tooLarge('content', limits.contentChars);
  }
  // `resend: true` makes the second try a little longer.
  if (byteLength(JSON.stringify(frame)) + 16 > limits.frameBytes) throw tooLarge('frame', limits.frameBytes);
}

function tooLarge(field: string, limit: number): WarrenError {
  return new WarrenError('TOO_LARGE', 'The message is larger than the limit', { field, details: { limit } });
}

/**
 * Returns what gives out one id after the other, each unique per sender: the time and 60 random bits, chosen here, then a number that counts on. The
 * servers keep ids together that differ in their last character, which costs them less than random ones.
 */
export function createClientIds(now: number, random: () => number): () => ClientId {
  const part = (): string =>
    Math.floor(random() * 2 ** 30)
      .toString(36)
      .padStart(6, '0');
  const prefix = `${now.toString(36)}-${part()}${part()}`;
  let count = 0;
  return () => `${prefix}-${(count++).toString(36)}` as ClientId;
}

export const DEFAULT_LIMITS = { contentChars: LIMITS.contentChars, frameBytes: LIMITS.frameBytes };
