import { z } from 'zod';
import { ID_PATTERN } from '../domain/ids.js';
import type { ChannelId, ClientId, DeviceId, EventId, MessageId, ServerId, SessionId, TeamId, UserId } from '../domain/ids.js';
import type { ChatEvent } from '../domain/events.js';
import type { Channel, Message, Receipt } from '../domain/model.js';
import { LIMITS } from './limits.js';

/**
 * Frames between a client and a chat server. A frame is one JSON object; a WebSocket text message carries one or more
 * frames separated by a line feed (JSON never contains a raw one), in both directions. Unknown fields are ignored, so
 * that either side may be newer. The reference, docs/reference/protocol.md, is generated from these schemas.
 */
const id = z.string().regex(ID_PATTERN, 'must be an id of 13 characters');
const eventIdOrStart = z.union([id, z.literal('')]).describe('an event id, or the empty string for "from the beginning"');
const channelId = id.transform((v) => v as ChannelId);
const teamId = id.transform((v) => v as TeamId);
const messageId = id.transform((v) => v as MessageId);
const clientId = z
  .string()
  .min(1)
  .max(LIMITS.clientIdChars)
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII')
  .transform((v) => v as ClientId)
  .describe(
    'chosen by the client, unique per sender; the same clientId in the same channel is the same message. One that counts on behind a text chosen once costs the servers less than a random one',
  );
const position = id.transform((v) => v as EventId);
const content = z.string().min(1).max(LIMITS.contentChars);
const mentions = z.array(z.string().min(1).max(32)).max(LIMITS.mentions).optional();
const resend = z.literal(true).optional().describe('set when this frame may have been sent before');

export const attachmentSchema = z.object({
  type: z.enum(['image', 'file']),
  url: z.url({ protocol: /^https?$/ }).max(2048),
  name: z.string().min(1).max(255),
  bytes: z.int().min(0),
  width: z.int().min(1).max(100_000).optional(),
  height: z.int().min(1).max(100_000).optional(),
});

/** Of a connect frame: its access token, and the client's name and version. */
export const CONNECT_CHARS = { token: 4096, client: 64 } as const;

export const connectFrame = z
  .object({
    type: z.literal('connect'),
    version: z.int(),
    ticket: z.string().min(1).max(128).optional().describe('single-use ticket of POST /v1/tickets'),
    token: z.string().min(1).max(CONNECT_CHARS.token).optional().describe('access token'),
    client: z.string().max(CONNECT_CHARS.client).optional().describe('name and version of the client, for the logs'),
  })
  .refine((f) => (f.ticket === undefined) !== (f.token === undefined), 'exactly one of ticket and token is needed');

export const sendFrame = z.object({
  type: z.literal('send'),
  clientId,
  channelId,
  content,
  mentions,
  parentId: messageId.optional(),
  attachments: z.array(attachmentSchema).max(LIMITS.attachments).optional(),
  resend,
});
export const editFrame = z.object({ type: z.literal('edit'), clientId, channelId, messageId, content, mentions, resend });
export const deleteFrame = z.object({ type: z.literal('delete'), clientId, channelId, messageId, resend });
export const reactFrame = z.object({
  type: z.literal('react'),
  clientId,
  channelId,
  messageId,
  emoji: z.string().min(1).max(LIMITS.emojiChars),
  action: z.enum(['add', 'remove']),
  resend,
});

export const syncRequest = z.object({
  channelId,
  after: eventIdOrStart.transform((v) => v as EventId),
  ids: z
    .array(id.transform((v) => v as EventId))
    .max(LIMITS.syncIds)
    .optional()
    .describe('events that a `prev` named and the device has not seen'),
});
export const syncFrame = z.object({
  type: z.literal('sync'),
  requestId: z.string().min(1).max(64),
  channels: z.array(syncRequest).min(1).max(LIMITS.syncChannels),
  limit: z.int().min(1).max(LIMITS.syncMessages).optional(),
});
export const watchFrame = z.object({
  type: z.literal('watch'),
  requestId: z.string().min(1).max(64).describe('named by the error when it is refused; else `presence` frames are the answer'),
  teamId: teamId.describe('only members who are not guests may watch it'),
});
export const unwatchFrame = z.object({ type: z.literal('unwatch'), teamId });
/** No answer of its own: the sender's `receipts` say where it stands. About a channel that one is not a member of, or an event that cannot be yet, it is ignored. */
export const receiptFrame = z
  .object({
    type: z.literal('receipt'),
    channelId,
    delivered: position.optional().describe('everything up to this event has come to the device'),
    read: position.optional().describe('everything up to this event has been looked at'),
  })
  .refine((f) => f.delivered !== undefined || f.read !== undefined, 'at least one of delivered and read is needed');
export const pingFrame = z.object({ type: z.literal('ping') });

export const clientFrame = z.discriminatedUnion('type', [
  connectFrame,
  sendFrame,
  editFrame,
  deleteFrame,
  reactFrame,
  syncFrame,
  watchFrame,
  unwatchFrame,
  receiptFrame,
  pingFrame,
]);

export type ConnectFrame = z.output<typeof connectFrame>;
export type SendFrame = z.output<typeof sendFrame>;
export type EditFrame = z.output<typeof editFrame>;
export type DeleteFrame = z.output<typeof deleteFrame>;
export type ReactFrame = z.output<typeof reactFrame>;
export type SyncFrame = z.output<typeof syncFrame>;
export type WatchFrame = z.output<typeof watchFrame>;
export type UnwatchFrame = z.output<typeof unwatchFrame>;
export type ReceiptFrame = z.output<typeof receiptFrame>;
export type ClientFrame = z.output<typeof clientFrame>;
/** The frames that put an event into a channel's chain. */
export type CommandFrame = SendFrame | EditFrame | DeleteFrame | ReactFrame;

export interface HelloFrame {
  readonly type: 'hello';
  readonly version: number;
  readonly serverId: ServerId;
  readonly sessionId: SessionId;
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  /** The client pings every `intervalMs`; the server closes after `timeoutMs` without any frame. */
  readonly heartbeat: { readonly intervalMs: number; readonly timeoutMs: number };
  readonly limits: { readonly contentChars: number; readonly frameBytes: number; readonly sendsPerSecond: number };
  readonly serverTime: string;
}

/** The command is durable: the broker has confirmed it. The sending session gets this in place of the event. */
export interface AckFrame {
  readonly type: 'ack';
  readonly clientId: ClientId;
  readonly channelId: ChannelId;
  /** The event's id. */
  readonly id: EventId;
  /** The message's id; left out where it equals `id`. */
  readonly messageId?: MessageId | undefined;
  readonly prev: EventId;
  readonly createdAt: string;
}

/** An event, and the one before it. */
export interface EventLink {
  readonly id: EventId;
  readonly prev: EventId;
}

export interface SyncedChannel {
  readonly channelId: ChannelId;
  /** Messages that are new or have changed after `after`, as they are now, in the order of `updatedId`. */
  readonly messages: readonly Message[];
  /** Events whose message could not be read right now (store away); apply them if the message is at hand. */
  readonly events: readonly ChatEvent[];
  /**
   * Events that are in the states of `messages` and nowhere else in this answer, such as edits. Their `prev` may name one that the server does not
   * have yet, as that of a message may. Left out when there are none.
   */
  readonly links?: readonly EventLink[] | undefined;
  /** Where the device stands after this answer: its next `after`. */
  readonly cursor: EventId;
  /** There is more after `cursor`: ask again. */
  readonly more: boolean;
  /** The largest event id of this channel known to be in the store; a hole below it that stays open for a minute never was. */
  readonly archivedThrough: EventId;
  /** FORBIDDEN or NOT_FOUND when the user is not (or no longer) a member; then everything else is empty. */
  readonly error?: string | undefined;
}

export interface SyncedFrame {
  readonly type: 'synced';
  readonly requestId: string;
  readonly channels: readonly SyncedChannel[];
}

export interface ErrorFrame {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
  /** The same frame may succeed later: keep it and send it again with `resend`. */
  readonly temporary: boolean;
  readonly clientId?: ClientId | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** Reconnect elsewhere at a random moment within the given time; what was sent is still answered until then. */
export interface DrainFrame {
  readonly type: 'drain';
  readonly withinMs: number;
}

/** The server may have missed deliveries for this session: ask for what follows each cursor, within the given time. */
export interface ResyncFrame {
  readonly type: 'resync';
  readonly withinMs: number;
}

/** This user's list of channels has changed (ephemeral: at most once; the list itself is GET /v1/channels). */
export interface ChannelFrame {
  readonly type: 'channel';
  readonly action: 'joined' | 'left' | 'updated' | 'members';
  readonly channelId: ChannelId;
  readonly channel?: Channel | undefined;
}

export type PresenceStatus = 'online' | 'offline';

/**
 * Who of a watched team is there (ephemeral: at most once). A snapshot comes first and names those who are online: everybody else of the
 * team is offline. Then come changes. Another snapshot replaces what was known.
 */
export interface PresenceFrame {
  readonly type: 'presence';
  readonly teamId: TeamId;
  readonly users: readonly { readonly userId: UserId; readonly status: PresenceStatus }[];
  /** A snapshot has one frame (`last`), or several: those before the last are a `part`. */
  readonly snapshot?: 'part' | 'last' | undefined;
  /** Nothing more comes: the user is not (or no longer) somebody who may watch the team. */
  readonly ended?: true | undefined;
}

/**
 * How far members have got in the channel: those who have moved, or the receiving user where a receipt told nothing new (ephemeral: at most
 * once, and never back; all of them are GET /v1/channels/:channelId/receipts). The user's own devices are told, too.
 */
export interface ReceiptsFrame {
  readonly type: 'receipts';
  readonly channelId: ChannelId;
  readonly receipts: readonly Receipt[];
}

export interface PongFrame {
  readonly type: 'pong';
}

export type ServerFrame =
  | HelloFrame
  | AckFrame
  | SyncedFrame
  | ErrorFrame
  | DrainFrame
  | ResyncFrame
  | ChannelFrame
  | PresenceFrame
  | ReceiptsFrame
  | PongFrame
  | ChatEvent;
