import type { ChannelId, DeviceId, TeamId, UserId } from '../domain/ids.js';
import type { Channel, ChannelMember, Device, Team, TeamMember, TeamRole, User } from '../domain/model.js';

/**
 * People and places. Ids and times are made by the caller. A write is visible to every later read (reads that may lag
 * behind are not part of these ports). Typed rejections: CONFLICT or USERNAME_TAKEN for a broken uniqueness, NOT_FOUND for a missing parent,
 * UNAVAILABLE when the database cannot be reached. Lists are bounded by `limit`.
 */
export interface UserStore {
  create(user: User & { readonly passwordHash: string }): Promise<void>;
  findById(id: UserId): Promise<User | undefined>;
  findMany(ids: readonly UserId[]): Promise<readonly User[]>;
  findCredentials(username: string): Promise<{ readonly user: User; readonly passwordHash: string } | undefined>;
  /** Users whose username or display name starts with `query` (case-insensitive), by username, after `cursor` (a username). */
  search(options: { readonly query: string; readonly cursor: string; readonly limit: number }): Promise<readonly User[]>;
  update(id: UserId, change: { readonly displayName?: string; readonly locale?: string }): Promise<User | undefined>;
}

export interface RefreshToken {
  readonly deviceId: DeviceId;
  readonly userId: UserId;
  /** SHA-256 of the token, hex. */
  readonly hash: string;
  readonly expiresAt: string;
}

export interface DeviceStore {
  /** A login: a device and its first refresh token. The user's oldest devices beyond 50 are removed and returned. */
  create(device: Device, token: RefreshToken): Promise<readonly DeviceId[]>;
  findById(id: DeviceId): Promise<Device | undefined>;
  listForUser(userId: UserId): Promise<readonly Device[]>;
  /**
   * Atomic: swaps the current refresh token. `rotated` when `hash` was the device's current one; `reused` when it was
   * an earlier one (the device is removed in the same step); `unknown` otherwise or when expired.
   * The device's `lastSeenAt` becomes `now`.
   */
  rotate(
    hash: string,
    next: Omit<RefreshToken, 'deviceId' | 'userId'>,
    now: string,
  ): Promise<
    { readonly status: 'rotated' | 'reused'; readonly deviceId: DeviceId; readonly userId: UserId } | { readonly status: 'unknown' }
  >;
  /** Removes devices and their tokens; the ids that existed. */
  remove(userId: UserId, deviceIds: readonly DeviceId[]): Promise<readonly DeviceId[]>;
}

export interface TeamStore {
  /** The creator becomes its owner, in the same transaction. */
  create(team: Team): Promise<void>;
  findById(id: TeamId): Promise<Team | undefined>;
  listForUser(userId: UserId): Promise<readonly (Team & { readonly role: TeamRole })[]>;
  member(teamId: TeamId, userId: UserId): Promise<TeamMember | undefined>;
  members(teamId: TeamId, page: { readonly after: UserId | ''; readonly limit: number }): Promise<readonly TeamMember[]>;
  /** Idempotent for the same role; changes the role of an existing member. */
  putMember(teamId: TeamId, member: TeamMember): Promise<void>;
  /** Also removes the user from the team's channels, in the same transaction; the channels left. */
  removeMember(teamId: TeamId, userId: UserId): Promise<readonly ChannelId[]>;
}

export interface ChannelStore {
  /**
   * With its members, in one transaction. For a dm the pair is unique: when it exists, that channel is returned and nothing
   * is created. Names of public channels are unique in their team, whatever their case: CONFLICT, here and in `update`.
   */
  create(channel: Channel, members: readonly ChannelMember[]): Promise<Channel>;
  findById(id: ChannelId): Promise<Channel | undefined>;
  /** At most 1,000 channels, newest first. For a dm, `peerId` is the other one. */
  listForUser(userId: UserId): Promise<readonly (Channel & { readonly peerId: UserId | null })[]>;
  /** Public channels of a team, by name, after `cursor` (a name). */
  listPublic(teamId: TeamId, page: { readonly cursor: string; readonly limit: number }): Promise<readonly Channel[]>;
  update(id: ChannelId, change: { readonly name?: string; readonly topic?: string }): Promise<Channel | undefined>;
  /** All of them: bounded by the member limit. Empty when the channel does not exist. */
  members(id: ChannelId): Promise<readonly ChannelMember[]>;
  /** The members of each, in the order of the channels; at most 200 channels. What `members` says of a channel that does not exist. */
  memberIds(ids: readonly ChannelId[]): Promise<readonly (readonly UserId[])[]>;
  /** Adds what is missing, atomically against the limit: CHANNEL_FULL adds nobody. Returns those added. */
  addMembers(id: ChannelId, members: readonly ChannelMember[], limit: number): Promise<readonly UserId[]>;
  removeMember(id: ChannelId, userId: UserId): Promise<boolean>;
}
