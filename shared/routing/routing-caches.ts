import type { ChannelId, ServerId, UserId } from '../domain/ids.js';
import type { ChannelStore, Directory, InvalidationLog, Route } from '../ports/index.js';
import { NearCache, type Held } from './near-cache.js';

/** A set costs more than looking at so many one after the other, above all where channels are many and none of them is at hand. */
const FEW_MEMBERS = 8;

/** Members of a channel, as routing needs them. */
export interface ChannelMembers {
  readonly userIds: readonly UserId[];
  has(userId: UserId): boolean;
}

/**
 * What a process knows of members and routes, kept true by the invalidation log: `refresh`, issued on the same
 * connection as a reserve or an append, drops every entry that had changed before it. Only after that may the caches
 * be asked on behalf of those events (docs/adr/0005-invalidation-log.md has the argument).
 */
export class RoutingCaches {
  readonly members: NearCache<ChannelId, ChannelMembers>;
  readonly routes: NearCache<UserId, readonly ServerId[]>;
  readonly #log: InvalidationLog;
  readonly #directory: Directory;
  #cursor = '';

  constructor(deps: {
    readonly channels: Pick<ChannelStore, 'memberIds'>;
    readonly directory: Directory;
    readonly invalidations: InvalidationLog;
  }) {
    this.#log = deps.invalidations;
    this.#directory = deps.directory;
    this.members = new NearCache({
      capacity: 100_000,
      maxKeys: 200,
      load: async (ids) => (await deps.channels.memberIds(ids)).map(toMembers),
    });
    this.routes = new NearCache({
      capacity: 200_000,
      maxKeys: 1_000,
      load: async (ids) => (await deps.directory.lookup(ids)).map(serversOf),
    });
  }

  /** Reads the log and forgets what has changed. Rejects with UNAVAILABLE, after having forgotten everything. */
  async refresh(): Promise<void> {
    try {
      const { cursor, keys, everything } = await this.#log.readSince(this.#cursor);
      this.#cursor = cursor;
      if (everything) this.forgetEverything();
      else for (const key of keys) this.#forget(key);
    } catch (error) {
      this.forgetEverything();
      throw error;
    }
  }

  /** Members of a channel that are known now, without I/O; `before` is what was found of it earlier and may hold still. */
  membersNow(channelId: ChannelId, before: Held<ChannelMembers> | undefined): ChannelMembers | undefined {
    return before?.current === true ? before.value : this.members.peek(channelId);
  }

  /** Servers of these users by a look-up that no cache answers. */
  async lookupRoutes(userIds: readonly UserId[]): Promise<readonly (readonly ServerId[])[]> {
    for (const id of userIds) this.routes.invalidate(id);
    return (await this.#directory.lookup(userIds)).map(serversOf);
  }

  forgetEverything(): void {
    this.members.clear();
    this.routes.clear();
  }

  #forget(key: string): void {
    if (key.startsWith('user:')) this.routes.invalidate(key.slice(5) as UserId);
    else if (key.startsWith('channel:')) this.members.invalidate(key.slice(8) as ChannelId);
  }
}

function toMembers(userIds: readonly UserId[]): ChannelMembers {
  if (userIds.length <= FEW_MEMBERS) return { userIds, has: (userId) => userIds.includes(userId) };
  const set = new Set(userIds);
  return { userIds, has: (userId) => set.has(userId) };
}

function serversOf(routes: readonly Route[]): readonly ServerId[] {
  return [...new Set(routes.map((route) => route.serverId))];
}
