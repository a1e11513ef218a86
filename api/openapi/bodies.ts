import { z } from 'zod';
import type { ServerId } from '../../shared/domain/ids.js';
import { channelIdSchema, deviceIdSchema, teamIdSchema, userIdSchema } from '../../shared/protocol/http.js';
import type * as http from '../../shared/protocol/http.js';
import { messageSchema, positionSchema, syncedChannelSchema } from './message-bodies.js';

/** The answers of shared/protocol/http.ts as schemas, for the OpenAPI document; the tests hold every answer against them. */
const time = z.iso.datetime().describe('ISO 8601, UTC, milliseconds');
const cursor = z.string().nullable().describe('the next `cursor`, null at the end');

const user = z
  .object({ id: userIdSchema, username: z.string(), displayName: z.string(), locale: z.string(), createdAt: time })
  .meta({ id: 'User' });
const serverChoice = z
  .object({ serverId: z.string().transform((v) => v as ServerId), url: z.string(), region: z.string() })
  .meta({ id: 'ServerChoice' });
const servers = z.array(serverChoice).max(3).describe('the best one first, then the spares');
const teamRole = z.enum(['owner', 'admin', 'member', 'guest']);
const team = z
  .object({ id: teamIdSchema, name: z.string(), slug: z.string(), createdBy: userIdSchema, createdAt: time, role: teamRole })
  .meta({ id: 'Team' });
const teamMember = z.object({ userId: userIdSchema, role: teamRole, joinedAt: time }).meta({ id: 'TeamMember' });
const channelFields = z.object({
  id: channelIdSchema,
  kind: z.enum(['public', 'private', 'dm', 'group']),
  teamId: teamIdSchema.nullable(),
  name: z.string(),
  topic: z.string(),
  createdBy: userIdSchema,
  createdAt: time,
  peerId: userIdSchema.nullable().optional().describe('of a dm: the other one'),
});
const channel = channelFields.meta({ id: 'Channel' });
const listedChannel = channelFields
  .extend({
    read: positionSchema.optional().describe('of the caller’s own channels: up to which event the caller has read; empty for none'),
  })
  .meta({ id: 'ListedChannel' });
const receipt = z
  .object({
    userId: userIdSchema,
    delivered: positionSchema.describe('everything up to this event has come to one of the user’s devices'),
    read: positionSchema.describe('everything up to this event has been looked at'),
  })
  .meta({ id: 'Receipt' });
const channelMember = z.object({ userId: userIdSchema, role: z.enum(['owner', 'member']), joinedAt: time }).meta({ id: 'ChannelMember' });
const device = z
  .object({ id: deviceIdSchema, userId: userIdSchema, name: z.string(), createdAt: time, lastSeenAt: time, current: z.boolean() })
  .meta({ id: 'Device' });

export const userBody = z.object({ user }) satisfies z.ZodType<http.UserBody>;
export const userListBody = z.object({ users: z.array(user), next: cursor }) satisfies z.ZodType<http.UserListBody>;
export const serversBody = z.object({ servers }) satisfies z.ZodType<http.ServersBody>;
export const sessionBody = z
  .object({
    user,
    deviceId: deviceIdSchema,
    accessToken: z.string(),
    accessExpiresAt: time,
    refreshToken: z.string().describe('works once'),
    refreshExpiresAt: time,
    servers,
  })
  .meta({ id: 'Session' }) satisfies z.ZodType<http.SessionBody>;
export const devicesBody = z.object({ devices: z.array(device) }) satisfies z.ZodType<http.DevicesBody>;
export const ticketBody = z.object({ ticket: z.string(), expiresAt: time }) satisfies z.ZodType<http.TicketBody>;
export const teamBody = z.object({ team }) satisfies z.ZodType<http.TeamBody>;
export const teamListBody = z.object({ teams: z.array(team) }) satisfies z.ZodType<http.TeamListBody>;
export const teamMemberBody = z.object({ member: teamMember }) satisfies z.ZodType<http.TeamMemberBody>;
export const teamMembersBody = z.object({
  members: z.array(teamMember),
  next: userIdSchema.nullable().describe('the next `after`, null at the end'),
}) satisfies z.ZodType<http.TeamMembersBody>;
export const channelBody = z.object({ channel }) satisfies z.ZodType<http.ChannelBody>;
export const channelListBody = z.object({
  channels: z.array(listedChannel),
  next: cursor.optional(),
}) satisfies z.ZodType<http.ChannelListBody>;
export const membersBody = z.object({ members: z.array(channelMember) }) satisfies z.ZodType<http.MembersBody>;
export const receiptsBody = z.object({ receipts: z.array(receipt) }) satisfies z.ZodType<http.ReceiptsBody>;
export const historyBody = z.object({
  messages: z.array(messageSchema),
  more: z.object({ before: z.boolean(), after: z.boolean() }),
}) satisfies z.ZodType<http.HistoryBody>;
export const syncBody = z.object({ channels: z.array(syncedChannelSchema) }) satisfies z.ZodType<http.SyncBody>;

export const errorBody = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      temporary: z.boolean().describe('the same request may succeed later'),
      field: z.string().optional().describe('the first bad field, as a path such as `userIds.3`'),
      details: z.record(z.string(), z.unknown()).optional(),
      requestId: z.string().describe('also in the X-Request-Id header and in the log'),
    }),
  })
  .meta({ id: 'Error' }) satisfies z.ZodType<http.ErrorBody>;
export const readinessBody = z.object({ ready: z.boolean(), failed: z.array(z.string()).describe('what is missing, as `name: reason`') });

export const traceBody = z.object({
  steps: z.array(
    z.object({
      step: z.string().describe('reserved, committed, answered, sent, delivered or stored'),
      at: z.number().describe('milliseconds since the Unix epoch, by the clock of the process'),
      subject: z.string().describe('the server or device that the step is about; empty for none'),
      process: z.string().describe('who noted it, such as `server server2`'),
    }),
  ),
});
