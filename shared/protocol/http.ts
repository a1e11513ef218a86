import { z } from 'zod';
import { ID_PATTERN } from '../domain/ids.js';
import { syncRequest, type SyncedChannel } from './frames.js';
import type { EventId, ChannelId, DeviceId, ServerId, TeamId, UserId } from '../domain/ids.js';
import type { Channel, ChannelMember, Device, Message, Receipt, Team, TeamMember, TeamRole, User } from '../domain/model.js';
import { LIMITS } from './limits.js';

/**
 * Bodies of the HTTP API. Requests are zod schemas (the API validates with them, the OpenAPI document is made from
 * them); answers are types, which the SDK shares. Every error answer is {@link ErrorBody}.
 *
 * Requests without a body; 204 has no body. All that change something may be repeated after a temporary error.
 * ```
 * GET    /v1/me                                   → 200 UserBody
 * GET    /v1/sessions                             → 200 DevicesBody
 * DELETE /v1/sessions/current | /:deviceId | (all) → 204 this device, one, or all of the user's
 * POST   /v1/tickets                              → 201 TicketBody
 * GET    /v1/teams, /v1/teams/:teamId             → 200 TeamListBody, TeamBody
 * DELETE /v1/teams/:teamId/members/:userId        → 204 (one's own id: leave the team)
 * GET    /v1/channels, /v1/channels/:channelId    → 200 ChannelListBody, ChannelBody
 * GET    /v1/channels/:channelId/receipts        → 200 ReceiptsBody
 * POST   /v1/channels/:channelId/join             → 200 ChannelBody (public channels)
 * POST   /v1/channels/:channelId/leave            → 204
 * DELETE /v1/channels/:channelId/members/:userId  → 204 (one's own id: leave)
 * ```
 */
const id = z.string().regex(ID_PATTERN, 'must be an id of 13 characters');
export const userIdSchema = id.transform((v) => v as UserId);
export const teamIdSchema = id.transform((v) => v as TeamId);
export const channelIdSchema = id.transform((v) => v as ChannelId);
export const eventIdSchema = id.transform((v) => v as EventId);
export const deviceIdSchema = id.transform((v) => v as DeviceId);

const displayName = z.string().trim().min(1).max(64);
const locale = z.enum(['en', 'ko']);
const channelName = z.string().trim().min(1).max(80);
const topic = z.string().trim().max(250);
const role = z.enum(['owner', 'admin', 'member', 'guest']);

export const usernameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9][a-z0-9._-]{1,31}$/,
    'must be 2 to 32 characters of a-z, 0-9, dot, underscore or hyphen, starting with a letter or digit',
  );

/** POST /v1/users → 201 {@link UserBody} */
export const signUpRequest = z.object({
  username: usernameSchema,
  password: z.string().min(8).max(256),
  displayName: displayName.optional(),
  locale: locale.optional(),
});
/** POST /v1/sessions → 201 {@link SessionBody} */
export const logInRequest = z.object({
  username: z.string().trim().toLowerCase().min(1).max(64),
  password: z.string().min(1).max(256),
  deviceName: z.string().trim().min(1).max(64).optional(),
  region: z.string().max(32).optional(),
  preferServer: z.string().max(64).optional().describe('the server this device used last'),
});
/** POST /v1/sessions/refresh → 200 {@link SessionBody} */
export const refreshRequest = z.object({
  refreshToken: z.string().min(1).max(256),
  region: z.string().max(32).optional(),
  preferServer: z.string().max(64).optional(),
});
/** PATCH /v1/me → 200 {@link UserBody} */
export const updateMeRequest = z.object({ displayName: displayName.optional(), locale: locale.optional() });
/** GET /v1/users?query&cursor&limit or ?ids=a,b,c → 200 {@link UserListBody} */
export const listUsersQuery = z.object({
  query: z.string().trim().max(64).default(''),
  cursor: z.string().max(64).default(''),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  ids: z.string().max(2000).optional().describe('up to 100 user ids separated by commas; the other parameters are then ignored'),
});
/** GET /v1/servers?region&prefer → 200 {@link ServersBody} */
export const serversQuery = z.object({ region: z.string().max(32).optional(), prefer: z.string().max(64).optional() });

/** POST /v1/teams → 201 {@link TeamBody} */
export const createTeamRequest = z.object({
  name: z.string().trim().min(1).max(64),
  slug: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z0-9][a-z0-9-]{1,31}$/),
});
/** PUT /v1/teams/:teamId/members/:userId → 200 {@link TeamMemberBody} */
export const putTeamMemberRequest = z.object({ role });
/** POST /v1/teams/:teamId/channels → 201 {@link ChannelBody} */
export const createChannelRequest = z.object({
  kind: z.enum(['public', 'private']),
  name: channelName,
  topic: topic.optional(),
  userIds: z.array(userIdSchema).max(1000).optional(),
});
/** POST /v1/dms → 201 (or 200 when it existed) {@link ChannelBody} */
export const createDmRequest = z.object({ userId: userIdSchema });
/** POST /v1/groups → 201 {@link ChannelBody} */
export const createGroupRequest = z.object({ name: channelName, userIds: z.array(userIdSchema).min(1).max(1000) });
/** PATCH /v1/channels/:channelId → 200 {@link ChannelBody} */
export const updateChannelRequest = z.object({ name: channelName.optional(), topic: topic.optional() });
/** POST /v1/channels/:channelId/members → 200 {@link MembersBody} */
export const addMembersRequest = z.object({ userIds: z.array(userIdSchema).min(1).max(1000) });
/** GET …/members?after&limit of a team */
export const memberPageQuery = z.object({
  after: z.union([id, z.literal('')]).default(''),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
/** GET /v1/teams/:teamId/channels?cursor&limit */
export const channelPageQuery = z.object({
  cursor: z.string().max(80).default(''),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
/** GET /v1/channels/:channelId/messages → 200 {@link HistoryBody}; at most one of before, after and around. */
export const historyQuery = z
  .object({
    before: id.optional(),
    after: z.union([id, z.literal('')]).optional(),
    around: id.optional(),
    limit: z.coerce.number().int().min(1).max(LIMITS.historyPage).default(50),
  })
  .refine((q) => [q.before, q.after, q.around].filter((v) => v !== undefined).length <= 1, 'give at most one of before, after, around');
/** POST /v1/sync → 200 {@link SyncBody} */
export const syncHttpRequest = z.object({
  channels: z.array(syncRequest).min(1).max(LIMITS.syncChannels),
  limit: z.int().min(1).max(LIMITS.syncMessages).optional(),
});

export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly temporary: boolean;
    /** The first bad field, as a path such as `userIds.3`. */
    readonly field?: string | undefined;
    readonly details?: Readonly<Record<string, unknown>> | undefined;
    /** Also in the `X-Request-Id` header and the log. */
    readonly requestId: string;
  };
}

export interface UserBody {
  readonly user: User;
}
export interface UserListBody {
  readonly users: readonly User[];
  /** The next `cursor`, or null at the end. */
  readonly next: string | null;
}
export interface ServerChoice {
  readonly serverId: ServerId;
  readonly url: string;
  readonly region: string;
}
export interface ServersBody {
  /** The best server first, then up to two spares. */
  readonly servers: readonly ServerChoice[];
}
export interface SessionBody extends ServersBody {
  readonly user: User;
  readonly deviceId: DeviceId;
  readonly accessToken: string;
  readonly accessExpiresAt: string;
  readonly refreshToken: string;
  readonly refreshExpiresAt: string;
}
/** GET /v1/sessions */
export interface DevicesBody {
  readonly devices: readonly (Device & { readonly current: boolean })[];
}
/** POST /v1/tickets → 201 */
export interface TicketBody {
  readonly ticket: string;
  readonly expiresAt: string;
}
export interface TeamBody {
  readonly team: Team & { readonly role: TeamRole };
}
/** GET /v1/teams */
export interface TeamListBody {
  readonly teams: readonly (Team & { readonly role: TeamRole })[];
}
export interface TeamMemberBody {
  readonly member: TeamMember;
}
/** GET /v1/teams/:teamId/members */
export interface TeamMembersBody {
  readonly members: readonly TeamMember[];
  readonly next: UserId | null;
}
export interface ChannelBody {
  readonly channel: Channel & { readonly peerId?: UserId | null | undefined };
}
/** GET /v1/channels (mine, with how far the caller has read each), GET /v1/teams/:teamId/channels (the team's public ones, paged by `next`) */
export interface ChannelListBody {
  readonly channels: readonly (ChannelBody['channel'] & { readonly read?: EventId | undefined })[];
  readonly next?: string | null | undefined;
}
/** GET and POST /v1/channels/:channelId/members */
export interface MembersBody {
  readonly members: readonly ChannelMember[];
}
/** GET /v1/channels/:channelId/receipts */
export interface ReceiptsBody {
  readonly receipts: readonly Receipt[];
}
export interface HistoryBody {
  /** Ascending by id. */
  readonly messages: readonly Message[];
  readonly more: { readonly before: boolean; readonly after: boolean };
}
export interface SyncBody {
  readonly channels: readonly SyncedChannel[];
}
