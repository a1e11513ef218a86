import { expect } from 'chai';
import { RedisTime } from '../../../shared/adapters/redis/redis-time.js';

const HOUR_MS = 3_600_000;

/** A Redis whose clock is so far from this machine's. */
function redisAhead(ms: number): { time(): Promise<[number, number]> } {
  return {
    time: () => {
      const now = Date.now() + ms;
      return Promise.resolve([Math.floor(now / 1000), Math.floor(now % 1000) * 1000]);
    },
  };
}

describe('the time by Redis’ clock', () => {
  const near = (time: number, ms: number): boolean => Math.abs(time - Date.now() - ms) < 1_000;

  it('is the node’s own before Redis was heard of', () => {
    expect(near(new RedisTime().now(), 0)).to.equal(true);
  });

  for (const ms of [HOUR_MS, -HOUR_MS]) {
    it(`is Redis’, on a node whose clock is off by ${-ms / HOUR_MS} h`, async () => {
      const time = new RedisTime();
      await time.read(redisAhead(ms));
      expect(near(time.now(), ms)).to.equal(true);
      expect(Number.isInteger(time.now())).to.equal(true);
    });
  }

  it('follows Redis when that is another one', async () => {
    const time = new RedisTime();
    await time.read(redisAhead(HOUR_MS));
    await time.read(redisAhead(0));
    expect(near(time.now(), 0)).to.equal(true);
  });

  it('goes on from what was known while Redis does not answer', async () => {
    const time = new RedisTime();
    await time.read(redisAhead(HOUR_MS));
    await time.read({ time: () => Promise.reject(new Error('away')) }).catch(() => undefined);
    expect(near(time.now(), HOUR_MS)).to.equal(true);
  });
});
