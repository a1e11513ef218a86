import type { DeviceId, ServerId, SessionId, UserId } from '../../domain/ids.js';
import type { Directory, Logger, Route } from '../../ports/index.js';
import type { RedisArgument, RedisConnection } from './connection.js';
import { freshRunId, LOG_KEYS, LOG_LENGTH } from './invalidation-log.js';
import { loadScript } from './script.js';
import { RedisServerRegistry } from './server-registry.js';

const REGISTER = loadScript('register-3');
const UNREGISTER = loadScript('unregister-3');
/** What comes before a user in the key of its routes, and in a key of the invalidation log. */
const ROUTES_KEY = 'u:';
const USER_LOG_KEY = 'user:';
const KEYS = [...LOG_KEYS, ROUTES_KEY];
const MAX_SESSIONS_PER_USER = 64;
/** Sessions per script call: what Lua may unpack at once, and short enough not to hold up others. */
const MAX_ROUTES_PER_CALL = 500;
const MAX_REMOVALS_PER_LOOKUP = 500;
const LIVING_FOR_MS = 1_000;

export interface RedisDirectoryOptions {
  readonly logger: Logger;
  /** How old the list of living servers may be before a look-up brings a new one; default 1,000. */
  readonly livingForMs?: number;
}

/**
 * `u:<userId>` is a hash: session id → `device server incarnation since`. An entry counts only while its server's lease
 * lives. The list of living servers is cached for a second; an entry whose server the cached list does not name is judged by a
 * fresh one, read after the entry: a server has its lease before it registers anybody.
 */
export class RedisDirectory implements Directory {
  readonly #redis: RedisConnection;
  readonly #registry: RedisServerRegistry;
  readonly #logger: Logger;
  readonly #livingForMs: number;
  #living = new Set<string>();
  #livingSince = -Infinity;
  #removing = false;

  constructor(redis: RedisConnection, options: RedisDirectoryOptions) {
    this.#redis = redis;
    this.#registry = new RedisServerRegistry(redis);
    this.#logger = options.logger;
    this.#livingForMs = options.livingForMs ?? LIVING_FOR_MS;
  }

  async register(routes: readonly Route[]): Promise<void> {
    const calls = chunks(routes).map((part) => this.#redis.run(REGISTER, KEYS, [...argsOf(part), MAX_SESSIONS_PER_USER]));
    await Promise.all(calls);
  }

  async unregister(routes: readonly Route[]): Promise<void> {
    const calls = chunks(routes).map((part) => this.#redis.run(UNREGISTER, KEYS, argsOf(part)));
    await Promise.all(calls);
  }

  async lookup(userIds: readonly UserId[]): Promise<readonly (readonly Route[])[]> {
    if (userIds.length === 0) return [];
    const pipeline = this.#redis.pipeline();
    for (const userId of userIds) pipeline.hgetall(this.#redis.prefix + routesKey(userId));
    const reading = this.#redis.execute(pipeline);
    const stale = performance.now() - this.#livingSince > this.#livingForMs;
    // Written after the look-up and answered after it: no entry found there is newer than this list.
    const [replies] = await Promise.all([reading, stale ? this.#refreshLiving() : undefined]);
    const found = replies.map((fields, i) => parseRoutes(userIds[i] as UserId, fields as Record<string, string>));
    if (!stale && found.flat().some((route) => !this.#isLiving(route))) await this.#refreshLiving();
    const dead = found.flat().filter((route) => !this.#isLiving(route));
    if (dead.length === 0) return found;
    this.#removeDead(dead);
    return found.map((routes) => routes.filter((route) => this.#isLiving(route)));
  }

  async #refreshLiving(): Promise<void> {
    const asked = performance.now();
    const servers = await this.#registry.list();
    if (asked < this.#livingSince) return;
    this.#living = new Set(servers.map(lifeOf));
    this.#livingSince = asked;
  }

  #isLiving(route: Route): boolean {
    return this.#living.has(lifeOf(route));
  }

  /** By compare-and-delete, behind the look-up's back and one batch at a time: what is left is met again. */
  #removeDead(dead: readonly Route[]): void {
    if (this.#removing) return;
    this.#removing = true;
    this.unregister(dead.slice(0, MAX_REMOVALS_PER_LOOKUP))
      .catch((error: unknown) => this.#logger.debug({ error }, 'routes of a dead server not removed'))
      .finally(() => (this.#removing = false));
  }
}

function routesKey(userId: UserId): string {
  return ROUTES_KEY + userId;
}

function lifeOf(life: { readonly serverId: ServerId; readonly incarnation: string }): string {
  return `${life.serverId} ${life.incarnation}`;
}

/** The routes as one argument: the driver and Redis both pay for each. */
function argsOf(routes: readonly Route[]): RedisArgument[] {
  let lines = '';
  for (const route of routes) lines += `${route.sessionId} ${route.userId} ${route.deviceId} ${lifeOf(route)}\n`;
  return [freshRunId(), LOG_LENGTH, USER_LOG_KEY, lines];
}

function chunks(routes: readonly Route[]): (readonly Route[])[] {
  const parts: (readonly Route[])[] = [];
  for (let start = 0; start < routes.length; start += MAX_ROUTES_PER_CALL) parts.push(routes.slice(start, start + MAX_ROUTES_PER_CALL));
  return parts;
}

function parseRoutes(userId: UserId, fields: Record<string, string>): Route[] {
  return Object.entries(fields).map(([sessionId, value]) => {
    const [deviceId, serverId, incarnation] = value.split(' ') as [string, string, string];
    return { userId, sessionId: sessionId as SessionId, deviceId: deviceId as DeviceId, serverId: serverId as ServerId, incarnation };
  });
}
