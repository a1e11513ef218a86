import { expect } from 'chai';
import { RedisInvalidationLog, RedisRecentWindow, RedisSequencer, type RedisConnection } from '../../../shared/adapters/redis/index.js';
import type { EventId } from '../../../shared/domain/ids.js';
import { nextChannel, nextClientId, nextId, nextUser, until } from '../../contract/hot-path-fixtures.js';
import { closeTestRedis, openTestRedis } from '../../support/private-redis.js';
import { describeWithRedisServer } from '../../support/redis-server.js';

describeWithRedisServer('Redis that lost its data', (server) => {
  let redis: RedisConnection;
  let reset: Promise<void>;

  beforeEach(async () => {
    redis = await openTestRedis(server().url, { epochCheckMs: 20 });
    reset = new Promise((resolve) => redis.onReset(resolve));
    await untilEpochIsKnown(redis);
  });
  afterEach(() => closeTestRedis(redis));

  it('tells listeners that it was emptied under a living connection', async () => {
    await redis.client.flushall();
    await reset;
  });

  it('tells listeners that it restarted empty', async () => {
    await server().restart();
    await reset;
  });

  it('tells listeners that it restarted with an older state', async () => {
    await redis.client.save();
    await server().restart();
    await reset;
  });

  it('tells readers of the log to forget everything when it was emptied', async () => {
    const log = new RedisInvalidationLog(redis);
    const { cursor } = await log.readSince('');
    await redis.client.flushall();
    expect(await log.readSince(cursor)).to.include({ everything: true });
  });

  it('tells readers of the log to forget everything after a restart, though it counted up to their cursor again', async () => {
    const log = new RedisInvalidationLog(redis);
    await log.record(['user:a']);
    await redis.client.save();
    await log.record(['user:b']);
    const { cursor } = await log.readSince('');
    await server().restart();
    await until(
      () => Promise.resolve(redis.ready),
      (ready) => ready,
    );
    await log.record(['user:c']);
    expect(await log.readSince(cursor)).to.include({ everything: true });
  });

  it('refuses events that were reserved before it was emptied', async () => {
    const window = new RedisRecentWindow(redis);
    const { epoch } = window;
    await redis.client.flushall();
    const entry = { channelId: nextChannel(), id: nextId(), bytes: Buffer.from('{}') };
    expect(await window.append([entry], { epoch }).catch((error: unknown) => error)).to.include({ code: 'UNAVAILABLE' });
    await reset;
    await window.append([entry], window);
  });

  it('refuses events that were reserved before it restarted with an older state', async () => {
    const window = new RedisRecentWindow(redis);
    const { epoch } = window;
    await redis.client.save();
    await server().restart();
    await reset;
    const entry = { channelId: nextChannel(), id: nextId(), bytes: Buffer.from('{}') };
    expect(await window.append([entry], { epoch }).catch((error: unknown) => error)).to.include({ code: 'UNAVAILABLE' });
  });

  describe('of its channels', () => {
    const channelId = nextChannel();
    const ask = () => ({ channelId, senderId: nextUser(), clientId: nextClientId(), proposed: nextId() });
    let sequencer: RedisSequencer;
    beforeEach(async () => {
      sequencer = new RedisSequencer(redis);
      await sequencer.advance([{ channelId, id: '' as EventId }]);
      await sequencer.reserve([ask()]);
    });

    it('knows nothing any more when it was emptied', async () => {
      await redis.client.flushall();
      expect(await sequencer.reserve([ask()])).to.deep.equal([{ status: 'unknown' }]);
    });

    it('knows nothing any more when it restarted with an older state: its last id is not the last', async () => {
      await redis.client.save();
      await sequencer.reserve([ask()]);
      await server().restart();
      await reset;
      expect(await sequencer.reserve([ask()])).to.deep.equal([{ status: 'unknown' }]);
    });
  });
});

/** A loss before the first look cannot be told from a first start. */
async function untilEpochIsKnown(redis: RedisConnection): Promise<void> {
  await until(
    () => redis.client.exists(`${redis.prefix}epoch`),
    (count) => count === 1,
  );
  await redis.ping();
}
