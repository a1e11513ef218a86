import { randomBytes } from 'node:crypto';
import { RedisConnection } from '../../shared/adapters/redis/index.js';
import { SilentLogger } from './silent-logger.js';

/** A connection whose keys begin with a prefix of their own. */
export async function openTestRedis(
  url: string,
  options: { readonly commandTimeoutMs?: number; readonly epochCheckMs?: number; readonly connectTimeoutMs?: number } = {},
): Promise<RedisConnection> {
  const prefix = `warren-test-${randomBytes(6).toString('hex')}:`;
  const redis = new RedisConnection({ url, prefix, logger: new SilentLogger(), ...options });
  await redis.start();
  return redis;
}

/** Deletes what the connection's prefix names: as an emptied Redis, for this test alone. */
export async function emptyTestRedis(redis: RedisConnection): Promise<void> {
  const { client } = redis;
  const keys = await client.keys(`${redis.prefix}*`);
  if (keys.length > 0) await client.del(...keys);
}

export async function closeTestRedis(redis: RedisConnection): Promise<void> {
  if (redis.ready) await emptyTestRedis(redis);
  await redis.stop();
}
