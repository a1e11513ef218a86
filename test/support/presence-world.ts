import { Presence } from '../../server/chat/presence/presence.js';
import { MemoryDirectory } from '../../shared/adapters/memory/directory.js';
import { MemoryInvalidationLog } from '../../shared/adapters/memory/invalidation-log.js';
import { MemoryServerRegistry } from '../../shared/adapters/memory/server-registry.js';
import { createMetrics } from '../../shared/adapters/prometheus/metrics.js';
import { formatId, type DeviceId, type ServerId, type SessionId, type TeamId, type UserId } from '../../shared/domain/ids.js';
import type { TeamMember, TeamRole } from '../../shared/domain/model.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { Route, ServerInfo } from '../../shared/ports/index.js';
import type { PresenceFrame } from '../../shared/protocol/frames.js';
import { settle } from './fake-clock.js';
import { SilentLogger } from './silent-logger.js';

export const GRACE_MS = 30_000;
const LEASE_MS = 10_000;
const ROUND_MS = 5_000;
const SERVER = { serverId: 's1' as ServerId, incarnation: 'i1' };

/** A session that keeps what it is told. */
export class FakeWatcher {
  readonly frames: PresenceFrame[] = [];
  readonly identity: { readonly userId: UserId };

  constructor(userId: UserId) {
    this.identity = { userId };
  }

  push(frame: Uint8Array): void {
    this.frames.push(JSON.parse(Buffer.from(frame).toString()) as PresenceFrame);
  }

  /** What came since the last call, in short. */
  take(): string[] {
    return this.frames.splice(0).map(({ snapshot, ended, users }) => {
      const told = users.map(({ userId, status }) => `${userId} ${status}`).sort();
      return [...(snapshot === undefined ? [] : [snapshot]), ...(ended === true ? ['ended'] : []), ...told].join(', ');
    });
  }
}

/** Presence of one server over memory, with time that passes when a test says so. */
export class PresenceWorld {
  now = 0;
  lookups = 0;
  /** Reads of members that are under way, and what they wait for. */
  reading = 0;
  beforeMembers: Promise<void> | undefined;
  /** The directory cannot be read; members cannot be asked about one by one. */
  away = { directory: false, member: false };
  /** The server holds its lease. */
  alive = true;
  readonly log = new MemoryInvalidationLog();
  readonly registry = new MemoryServerRegistry({ now: () => this.now });
  readonly directory = new MemoryDirectory({ registry: this.registry, invalidations: this.log });
  readonly presence: Presence;
  readonly #members = new Map<TeamId, Map<UserId, TeamMember>>();
  #ids = 0;

  constructor() {
    this.presence = new Presence({
      directory: {
        lookup: (userIds) => {
          this.lookups += 1;
          return this.away.directory ? unavailable() : this.directory.lookup(userIds);
        },
      },
      invalidations: this.log,
      teams: {
        member: (teamId, userId) => (this.away.member ? unavailable() : Promise.resolve(this.#members.get(teamId)?.get(userId))),
        members: async (teamId, { after, limit }) => {
          this.reading += 1;
          await this.beforeMembers;
          this.reading -= 1;
          const all = [...(this.#members.get(teamId)?.values() ?? [])].sort((a, b) => (a.userId < b.userId ? -1 : 1));
          return all.filter(({ userId }) => userId > after).slice(0, limit);
        },
      },
      clock: { now: () => this.now, monotonic: () => this.now },
      logger: new SilentLogger(),
      metrics: createMetrics({}),
      graceMs: GRACE_MS,
    });
  }

  nextId(): string {
    return formatId(1_800_000_000_000, 1, ++this.#ids);
  }

  put(teamId: TeamId, userId: UserId, role: TeamRole = 'member'): void {
    const team = this.#members.get(teamId) ?? new Map<UserId, TeamMember>();
    this.#members.set(teamId, team.set(userId, { userId, role, joinedAt: '' }));
  }

  remove(teamId: TeamId, userId: UserId): void {
    this.#members.get(teamId)?.delete(userId);
  }

  /** As the API does after a change of members. */
  record(teamId: TeamId): Promise<void> {
    return this.log.record([`team:${teamId}`]);
  }

  /** A session of the user begins. */
  async up(userId: UserId, session = 'a'): Promise<void> {
    await this.#renew();
    await this.directory.register([routeOf(userId, session)]);
  }

  async down(userId: UserId, session = 'a'): Promise<void> {
    await this.directory.unregister([routeOf(userId, session)]);
  }

  /** The server is gone, and nobody says so. */
  async die(): Promise<void> {
    this.alive = false;
    await this.registry.remove(SERVER.serverId, SERVER.incarnation);
  }

  /** Lets time pass with its rounds; members are read between two of them. */
  async pass(ms = 0): Promise<void> {
    const until = this.now + ms;
    for (;;) {
      await this.#renew();
      await this.presence.round();
      await settle();
      if (this.now >= until) break;
      this.now = Math.min(until, this.now + ROUND_MS);
    }
    await this.presence.round();
  }

  async watch(userId: UserId, teamId: TeamId): Promise<FakeWatcher> {
    const watcher = new FakeWatcher(userId);
    await this.presence.watch(watcher, teamId);
    await this.pass();
    return watcher;
  }

  async #renew(): Promise<void> {
    if (this.alive) await this.registry.renew({ ...SERVER } as ServerInfo, LEASE_MS);
  }
}

/** The code of what it rejects with. */
export function codeOf(work: Promise<void>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => (error as ChatError).code,
  );
}

function routeOf(userId: UserId, session: string): Route {
  return { userId, ...SERVER, sessionId: `${userId} ${session}` as SessionId, deviceId: 'd' as DeviceId };
}

function unavailable(): Promise<never> {
  return Promise.reject(new ChatError('UNAVAILABLE'));
}
