import { expect } from 'chai';
import { RedisInvalidationLog, RedisRateLimiter, type RedisConnection } from '../../../shared/adapters/redis/index.js';
import type { ChatError } from '../../../shared/errors/chat-error.js';
import { until } from '../../contract/hot-path-fixtures.js';
import { closeTestRedis, openTestRedis } from '../../support/private-redis.js';
import { describeWithRedisServer } from '../../support/redis-server.js';

async function failureOf(work: Promise<unknown>): Promise<ChatError> {
  try {
    await work;
  } catch (error) {
    return error as ChatError;
  }
  throw new Error('it did not fail');
}

describeWithRedisServer('Redis away', (server) => {
  let redis: RedisConnection;

  beforeEach(async () => {
    redis = await openTestRedis(server().url, { commandTimeoutMs: 200 });
  });
  afterEach(async () => {
    server().thaw();
    await closeTestRedis(redis);
  });

  it('refuses commands at once while there is no connection, and serves again after the restart', async () => {
    const log = new RedisInvalidationLog(redis);
    await server().kill();
    await until(
      () => Promise.resolve(redis.ready),
      (ready) => !ready,
    );
    expect(await failureOf(log.readSince(''))).to.include({ code: 'UNAVAILABLE' });
    await server().restart();
    await until(
      () => Promise.resolve(redis.ready),
      (ready) => ready,
    );
    expect(await log.readSince('')).to.include({ everything: true });
  });

  it('gives up waiting for a Redis that hangs, and serves again when it does not', async () => {
    const log = new RedisInvalidationLog(redis);
    server().freeze();
    expect(await failureOf(log.record(['user:a']))).to.include({ code: 'UNAVAILABLE' });
    server().thaw();
    expect(await log.readSince('')).to.include({ everything: true });
  });

  it('rejects what was under way when the connection was lost, and does not send it again', async () => {
    const log = new RedisInvalidationLog(redis);
    const { cursor } = await log.readSince('');
    server().freeze();
    const recording = failureOf(log.record(['user:a']));
    await server().restart();
    expect(await recording).to.include({ code: 'UNAVAILABLE' });
    await until(
      () => Promise.resolve(redis.ready),
      (ready) => ready,
    );
    const { cursor: fresh } = await log.readSince(cursor);
    expect(fresh.endsWith(':0')).to.equal(true);
  });

  it('does not start without Redis', async () => {
    await server().kill();
    expect(await failureOf(openTestRedis(server().url, { connectTimeoutMs: 100 }))).to.include({ code: 'UNAVAILABLE' });
  });

  it('keeps counting requests by itself', async () => {
    const limiter = new RedisRateLimiter(redis, { name: 'login', points: 1, windowMs: 60_000 });
    await server().kill();
    await limiter.consume('a');
    expect(await failureOf(limiter.consume('a'))).to.include({ code: 'RATE_LIMITED' });
  });

  it('carries on after its scripts were flushed', async () => {
    const log = new RedisInvalidationLog(redis);
    await log.readSince('');
    await redis.client.script('FLUSH');
    expect(await failureOf(log.readSince(''))).to.include({ code: 'UNAVAILABLE' });
    expect(await log.readSince('')).to.have.property('cursor');
  });
});
