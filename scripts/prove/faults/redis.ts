import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { RedisConnection, RedisDirectory, RedisServerRegistry } from '../../../shared/adapters/redis/index.js';
import type { SessionId } from '../../../shared/domain/ids.js';
import type { Logger, Route } from '../../../shared/ports/index.js';
import { until, wait, type FaultKind, type FaultTools } from './fault.js';

const HANG_MS = 5_000;
const STALE_MS = 4_000;
const STALE_USERS = 10;
const QUIET: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => QUIET };

function nothing(): void {
  // What a fault's own connection says is of no interest.
}

async function restartEmpty({ arena, opened }: FaultTools): Promise<string> {
  const { redis } = arena.cluster.backing;
  const child = arena.cluster.process('redis');
  child.kill('SIGKILL');
  await child.ended();
  rmSync(join(redis?.dataFolder ?? '', 'dump.rdb'), { force: true });
  await child.start();
  await until('Redis being healthy', () => redis?.healthy() ?? Promise.resolve(false));
  opened();
  return 'redis, without its data';
}

async function flush(tools: FaultTools): Promise<string> {
  await withRedis(tools, (redis) => redis.flushall());
  return 'FLUSHALL';
}

async function pause(tools: FaultTools): Promise<string> {
  await withRedis(tools, (redis) => redis.call('CLIENT', ['PAUSE', HANG_MS, 'ALL']));
  await wait(HANG_MS);
  return `CLIENT PAUSE, ${HANG_MS / 1_000} s`;
}

async function freeze({ arena }: FaultTools): Promise<string> {
  arena.cluster.kill('redis', 'SIGSTOP');
  try {
    await wait(HANG_MS);
  } finally {
    arena.cluster.kill('redis', 'SIGCONT');
  }
  return `SIGSTOP, ${HANG_MS / 1_000} s`;
}

/** Says of some users that they are on a server where they are not, in the words of that server's present life. */
async function staleRoutes({ arena, devices, random }: FaultTools): Promise<string> {
  const connection = new RedisConnection({ url: arena.cluster.backing.urls.redis, logger: QUIET });
  await connection.start();
  try {
    const directory = new RedisDirectory(connection, { logger: QUIET });
    // After a Redis that lost its data, they come back within a moment.
    const registry = new RedisServerRegistry(connection);
    await until('a server being registered', async () => (await registry.list()).length > 0);
    const servers = await registry.list();
    const routes = random
      .shuffle(devices)
      .slice(0, STALE_USERS)
      .map(({ user, session }): Route => {
        const { serverId, incarnation } = random.pick(servers);
        const sessionId = randomBytes(9).toString('base64url') as SessionId;
        return { userId: user, deviceId: session.deviceId, sessionId, serverId, incarnation };
      });
    await directory.register(routes);
    await wait(STALE_MS);
    await directory.unregister(routes);
    return `${routes.length} users`;
  } finally {
    await connection.stop();
  }
}

async function withRedis(tools: FaultTools, work: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(tools.arena.cluster.backing.urls.redis, { maxRetriesPerRequest: 1 });
  redis.on('error', nothing);
  try {
    await work(redis);
  } finally {
    redis.disconnect();
  }
}

export const REDIS_FAULTS: readonly FaultKind[] = [
  { name: 'redis-empty', lane: 'dependency', weight: 2, short: true, alone: true, forgets: true, run: restartEmpty },
  { name: 'redis-flush', lane: 'dependency', weight: 2, short: true, forgets: true, run: flush },
  { name: 'redis-hang', lane: 'dependency', weight: 1, short: true, run: pause },
  { name: 'redis-stop', lane: 'dependency', weight: 1, short: true, run: freeze },
  { name: 'stale-route', lane: 'dependency', weight: 2, short: true, run: staleRoutes },
];
