import { expect } from 'chai';
import { RedisDirectory, RedisInvalidationLog, RedisRecentWindow, type RedisConnection } from '../../../shared/adapters/redis/index.js';
import { makeRoute, makeServer, nextChannel, nextId, nextUser } from '../../contract/hot-path-fixtures.js';
import { closeTestRedis, openTestRedis } from '../../support/private-redis.js';
import { describeWith } from '../../support/products.js';
import { SilentLogger } from '../../support/silent-logger.js';

/** The near caches rest on this: commands of one connection run in the order in which they were asked for. */
describeWith('redis', 'order of commands on one connection', (url) => {
  let redis: RedisConnection;

  beforeEach(async () => {
    redis = await openTestRedis(url);
  });
  afterEach(() => closeTestRedis(redis));

  it('shows a registration to the log reader who asks after it, even with scripts that were never sent before', async () => {
    const log = new RedisInvalidationLog(redis);
    const directory = new RedisDirectory(redis, { logger: new SilentLogger() });
    const route = makeRoute(nextUser(), makeServer('server1'));
    const { cursor } = await log.readSince('');
    const [, , read] = await Promise.all([
      directory.register([route]),
      new RedisRecentWindow(redis).append([{ channelId: nextChannel(), id: nextId(), bytes: Buffer.from('{}') }]),
      log.readSince(cursor),
    ]);
    expect(read.keys).to.deep.equal([`user:${route.userId}`]);
  });

  it('does not hide an append from a reader of the same turn', async () => {
    const window = new RedisRecentWindow(redis);
    const [channelId, id] = [nextChannel(), nextId()];
    const [, slices] = await Promise.all([
      window.append([{ channelId, id, bytes: Buffer.from('{}') }]),
      window.after([{ channelId, after: '' as typeof id, limit: 1 }]),
    ]);
    expect(slices[0]?.events.map((event) => event.id)).to.deep.equal([id]);
  });
});
