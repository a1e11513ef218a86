import { expect } from 'chai';
import {
  RedisConfirmations,
  RedisDirectory,
  RedisInvalidationLog,
  RedisLease,
  RedisRateLimiter,
  RedisRecentWindow,
  RedisSequencer,
  RedisServerRegistry,
  RedisTicketStore,
  type RedisConnection,
} from '../../../shared/adapters/redis/index.js';
import { ID_LENGTH, type ChannelId, type EventId, type ServerId } from '../../../shared/domain/ids.js';
import { makeRoute, makeServer, nextChannel, nextClientId, nextDevice, nextId, nextUser } from '../../contract/hot-path-fixtures.js';
import { closeTestRedis, openTestRedis } from '../../support/private-redis.js';
import { describeWith } from '../../support/products.js';
import { SilentLogger } from '../../support/silent-logger.js';

const DAY_MS = 24 * 3_600_000;
/** Of an archived mark, without the steps before it. */
const MARK_LENGTH = ID_LENGTH + 8;
/** Bounded otherwise: by the log's length, by the number of servers, by the sessions of those. */
const WITHOUT_TTL = /^(epoch|log:head|log:keys|servers|u:.*)$/;

describeWith('redis', 'bounds of what is kept in Redis', (url) => {
  let redis: RedisConnection;
  let channelId: ChannelId;

  beforeEach(async () => {
    redis = await openTestRedis(url);
    channelId = nextChannel();
  });
  afterEach(() => closeTestRedis(redis));

  async function appendAndArchive(): Promise<void> {
    const window = new RedisRecentWindow(redis);
    const id = nextId();
    await window.append([{ channelId, id, bytes: Buffer.from('{}') }]);
    await window.markArchived([{ channelId, through: id, events: 1, bytes: 2 }]);
  }

  it('lets every key expire that nothing else bounds', async () => {
    await appendAndArchive();
    const sequencer = new RedisSequencer(redis);
    await sequencer.advance([{ channelId, id: '' as EventId }]);
    await sequencer.reserve([{ channelId, senderId: nextUser(), clientId: nextClientId(), proposed: nextId() }]);
    await new RedisServerRegistry(redis).renew(makeServer('server1'), 60_000);
    await new RedisDirectory(redis, { logger: new SilentLogger() }).register([makeRoute(nextUser(), makeServer('server1'))]);
    await new RedisInvalidationLog(redis).record(['user:a']);
    await new RedisLease(redis).hold('node:1', 'a', 60_000);
    const tickets = new RedisTicketStore(redis);
    await tickets.issue('ticket', { userId: nextUser(), deviceId: nextDevice() }, 60_000);
    await tickets.revoke([nextDevice()], 60_000);
    await new RedisConfirmations(redis).confirm('c1', 'server1' as ServerId);
    await new RedisRateLimiter(redis, { name: 'login', points: 5, windowMs: 60_000 }).consume('a');

    const keys = await redis.client.keys(`${redis.prefix}*`);
    const names = keys.map((key) => key.slice(redis.prefix.length));
    const ttls = await Promise.all(keys.map((key) => redis.client.pttl(key)));
    expect(names).to.have.length.above(12);
    expect(names.filter((name, i) => ttls[i] === -1 && !WITHOUT_TTL.test(name))).to.deep.equal([]);
  });

  it('keeps a window at least a day after its last append', async () => {
    await appendAndArchive();
    expect(await redis.client.pttl(`${redis.prefix}w:${channelId}`)).to.be.above(DAY_MS);
  });

  it('keeps an archived mark at least a day after its last move, and not for ever', async () => {
    const window = new RedisRecentWindow(redis);
    const other = nextChannel();
    const move = (id: ChannelId): Promise<void> => window.markArchived([{ channelId: id, through: nextId(), events: 1, bytes: 2 }]);
    const known = async (): Promise<readonly boolean[]> =>
      (await window.after([channelId, other].map((id) => ({ channelId: id, after: '' as EventId, limit: 1 })))).map(
        ({ archivedThrough }) => archivedThrough !== '',
      );
    // The hash says itself when it was begun.
    const age = (ms: number): Promise<unknown> => redis.client.hset(`${redis.prefix}archived`, '', Date.now() - ms);
    await move(channelId);
    await age(DAY_MS);
    await move(other);
    await age(2 * DAY_MS);
    await move(other);
    expect(await known()).to.deep.equal([true, true]);
    await age(2 * DAY_MS);
    await move(other);
    expect(await known()).to.deep.equal([false, true]);
    expect(await redis.client.pttl(`${redis.prefix}archived`)).to.be.above(2 * DAY_MS);
    expect(await redis.client.pttl(`${redis.prefix}archived:before`)).to.be.above(DAY_MS);
  });

  it('goes on from a mark of the older hash', async () => {
    const window = new RedisRecentWindow(redis);
    const [first, second] = [nextId(), nextId()];
    await window.markArchived([{ channelId, through: second, events: 1, bytes: 2 }]);
    await redis.client.rename(`${redis.prefix}archived`, `${redis.prefix}archived:before`);
    await window.markArchived([{ channelId, through: first, events: 1, bytes: 2 }]);
    const [slice] = await window.after([{ channelId, after: '' as EventId, limit: 1 }]);
    expect(slice?.archivedThrough).to.equal(second);
  });

  describe('a window', () => {
    const KEPT = { keepEvents: 40, keepBytes: 4_096 };
    let window: RedisRecentWindow;
    beforeEach(() => {
      window = new RedisRecentWindow(redis, KEPT);
    });

    async function feed(count: number, size: number): Promise<void> {
      const entries = Array.from({ length: count }, () => ({ channelId, id: nextId(), bytes: Buffer.alloc(size, 'x') }));
      await window.append(entries);
      await window.markArchived([{ channelId, through: entries.at(-1)!.id, events: count, bytes: count * size }]);
    }
    async function size(): Promise<{ readonly events: number; readonly bytes: number }> {
      const [slice] = await window.after([{ channelId, after: '' as EventId, limit: 10_000 }]);
      const events = slice?.events ?? [];
      return { events: events.length, bytes: events.reduce((sum, { bytes }) => sum + bytes.length, 0) };
    }
    const markLength = async (): Promise<number> => (await redis.client.hgetBuffer(`${redis.prefix}archived`, channelId))?.length ?? 0;

    for (const step of [1, 3, 10, 30, 39, 40, 100]) {
      it(`stays within twice its events, and has them, when ${step} are archived at a time`, async () => {
        for (let fed = step; fed <= 400; fed += step) {
          await feed(step, 2);
          expect((await size()).events, `${fed} fed`).to.be.within(Math.min(fed, KEPT.keepEvents), 2 * KEPT.keepEvents);
        }
        expect(await markLength()).to.be.at.most(MARK_LENGTH * 6);
      });

      it(`stays within twice its bytes when ${step} long ones are archived at a time`, async () => {
        for (let fed = step; fed <= 200; fed += step) {
          await feed(step, 300);
          expect((await size()).bytes, `${fed} fed`).to.be.within(Math.min(fed * 300, KEPT.keepBytes * 0.9), 2 * KEPT.keepBytes);
        }
        expect(await markLength()).to.be.at.most(MARK_LENGTH * 6);
      });
    }

    it('is bounded by events and bytes when small and large steps take turns', async () => {
      for (const [count, bytes] of [1, 50, 3, 1, 9, 120, 2, 10, 39, 1].flatMap((n) => [[n, 2] as const, [n, 200] as const])) {
        await feed(count, bytes);
        const held = await size();
        expect(held.events).to.be.at.most(2 * KEPT.keepEvents);
        expect(held.bytes).to.be.at.most(2 * KEPT.keepBytes);
      }
    });

    it('goes on from a mark of the form before, which says nothing of earlier steps', async () => {
      const entries = Array.from({ length: 45 }, () => ({ channelId, id: nextId(), bytes: Buffer.from('{}') }));
      for (const entry of entries) await window.append([entry]);
      const [first, last] = [entries[0]!.id, entries.at(-1)!.id];
      const mark = Buffer.alloc(MARK_LENGTH);
      mark.write(last, 'latin1');
      mark.writeUInt32BE(5, ID_LENGTH);
      mark.writeUInt32BE(10, ID_LENGTH + 4);
      await redis.client.hset(`${redis.prefix}archived`, channelId, mark);
      await window.markArchived([{ channelId, through: first, events: 1, bytes: 2 }]);
      const [slice] = await window.after([{ channelId, after: '' as EventId, limit: 1 }]);
      expect(slice?.archivedThrough).to.equal(last);
      for (let fed = 1; fed <= 60; fed++) await feed(1, 2);
      expect((await size()).events).to.be.within(KEPT.keepEvents, 60);
      expect(await window.holds([first, last].map((id) => ({ channelId, id })))).to.deep.equal([false, false]);
    });
  });

  it('marks more channels than one call may have', async () => {
    const channels = Array.from({ length: 2_500 }, () => nextChannel());
    const through = nextId();
    await new RedisRecentWindow(redis).markArchived(channels.map((id) => ({ channelId: id, through, events: 1, bytes: 2 })));
    // And the field that says when it was begun.
    expect(await redis.client.hlen(`${redis.prefix}archived`)).to.equal(2_501);
  });

  it('keeps the log at its length', async () => {
    const log = new RedisInvalidationLog(redis);
    for (let i = 0; i < 3; i++) await log.record(Array.from({ length: 5_000 }, (_, n) => `user:${i}-${n}`));
    expect(await redis.client.llen(`${redis.prefix}log:keys`)).to.equal(10_000);
  });

  it('does not store a ticket in a form that can be used', async () => {
    await new RedisTicketStore(redis).issue('secret-ticket', { userId: nextUser(), deviceId: nextDevice() }, 60_000);
    const keys = await redis.client.keys(`${redis.prefix}*`);
    expect(keys.filter((key) => key.includes('secret-ticket'))).to.deep.equal([]);
  });
});
