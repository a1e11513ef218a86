import type { ChannelId, DeviceId, TeamId, UserId } from '../../domain/ids.js';
import type { Channel, ChannelMember, Device, Team, TeamMember, User } from '../../domain/model.js';
import { ChatError } from '../../errors/chat-error.js';

export interface TokenEntry {
  readonly deviceId: DeviceId;
  readonly expiresAt: string;
  current: boolean;
}

/** What the four memory stores of people and places share, as the tables of one database would. */
export interface PeopleTables {
  readonly users: Map<UserId, User & { readonly passwordHash: string }>;
  readonly devices: Map<DeviceId, Device>;
  readonly tokens: Map<string, TokenEntry>;
  readonly teams: Map<TeamId, Team>;
  readonly teamMembers: Map<TeamId, Map<UserId, TeamMember>>;
  readonly channels: Map<ChannelId, Channel>;
  readonly dmPairs: Map<ChannelId, string>;
  readonly channelMembers: Map<ChannelId, Map<UserId, ChannelMember>>;
}

export function createPeopleTables(): PeopleTables {
  return {
    users: new Map(),
    devices: new Map(),
    tokens: new Map(),
    teams: new Map(),
    teamMembers: new Map(),
    channels: new Map(),
    dmPairs: new Map(),
    channelMembers: new Map(),
  };
}

/** NOT_FOUND when a row's parent is missing: what a foreign key does. */
export function requireParents<Id>(table: ReadonlyMap<Id, unknown>, ids: readonly Id[]): void {
  if (!ids.every((id) => table.has(id))) throw new ChatError('NOT_FOUND');
}

/** The order of the databases: by code points, not by UTF-16 units. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
