import { z } from 'zod';
import { ID_PATTERN, type ClientId, type EventId } from '../../shared/domain/ids.js';
import type { ChatEvent } from '../../shared/domain/events.js';
import type { Message } from '../../shared/domain/model.js';
import { attachmentSchema, type SyncedChannel } from '../../shared/protocol/frames.js';
import { channelIdSchema, userIdSchema } from '../../shared/protocol/http.js';

const eventId = z
  .string()
  .regex(ID_PATTERN)
  .transform((v) => v as EventId);
const eventIdOrNone = z.union([eventId, z.literal('').transform((v) => v as EventId)]).describe('an event id; empty when not known');
export const positionSchema = z.union([eventId, z.literal('').transform((v) => v as EventId)]);
const clientId = z.string().transform((v) => v as ClientId);
const time = z.iso.datetime();
const mentions = z.array(z.string());
const attachments = z.array(attachmentSchema);

export const messageSchema = z
  .object({
    id: eventId,
    prev: eventIdOrNone.describe('the event before it in the channel; empty when not known'),
    updatedId: eventId.describe('the newest event that changed it: cursors move along this'),
    channelId: channelIdSchema,
    senderId: userIdSchema,
    clientId,
    createdAt: time,
    content: z.string().describe('empty when deleted or voided'),
    mentions,
    edited: z.boolean(),
    editedId: eventId.optional().describe('the edit whose content it shows'),
    deleted: z.boolean(),
    voided: z.boolean().describe('a second copy of another message: do not show it'),
    parentId: eventId.optional().describe('the message that this one comments on'),
    reactions: z.array(z.object({ emoji: z.string(), count: z.int(), users: z.array(userIdSchema) })),
    comments: z
      .object({ count: z.int(), last: z.object({ id: eventId, senderId: userIdSchema, content: z.string(), createdAt: time }) })
      .optional(),
    attachments,
  })
  .meta({ id: 'Message' }) satisfies z.ZodType<Message>;

const base = { id: eventId, prev: eventIdOrNone, channelId: channelIdSchema, senderId: userIdSchema, clientId, createdAt: time };
const chatEvent = z
  .discriminatedUnion('type', [
    z.object({
      ...base,
      type: z.literal('message'),
      messageId: eventId.optional(),
      resync: z.literal(true).optional().describe('not all of the state is in here: ask for what follows the cursor'),
      content: z.string(),
      mentions: mentions.optional(),
      parentId: eventId.optional(),
      attachments: attachments.optional(),
    }),
    z.object({ ...base, type: z.literal('edit'), messageId: eventId, content: z.string(), mentions: mentions.optional() }),
    z.object({ ...base, type: z.literal('delete'), messageId: eventId }),
    z.object({ ...base, type: z.literal('reaction'), messageId: eventId, emoji: z.string(), action: z.enum(['add', 'remove']) }),
    z.object({ ...base, type: z.literal('void'), messageId: eventId, winnerId: eventId }),
  ])
  .meta({ id: 'Event' }) satisfies z.ZodType<ChatEvent>;

export const syncedChannelSchema = z
  .object({
    channelId: channelIdSchema,
    messages: z.array(messageSchema).describe('new or changed after `after`, as they are now, by `updatedId`'),
    events: z.array(chatEvent).describe('events whose message could not be read right now'),
    links: z
      .array(z.object({ id: eventId, prev: eventIdOrNone }))
      .optional()
      .describe('events that are only in the states of `messages`, and the ones before them'),
    cursor: eventIdOrNone.describe('the next `after`'),
    more: z.boolean().describe('there is more after `cursor`'),
    archivedThrough: eventIdOrNone,
    error: z.string().optional().describe('FORBIDDEN or NOT_FOUND; then everything else is empty'),
  })
  .meta({ id: 'SyncedChannel' }) satisfies z.ZodType<SyncedChannel>;
