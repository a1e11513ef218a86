import { expect } from 'chai';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { RateLimiter } from '../../shared/ports/index.js';
import { until, type DescribeHotPath, type HotPath } from './hot-path-fixtures.js';

export const describeRateLimiterContract: DescribeHotPath = (name, open) => {
  describe(name, () => {
    let hotPath: HotPath;

    beforeEach(async () => {
      hotPath = await open();
    });
    afterEach(() => hotPath.close());

    async function tryTo(limiter: RateLimiter, key: string, points?: number): Promise<ChatError | undefined> {
      try {
        await limiter.consume(key, points);
        return undefined;
      } catch (error) {
        return error as ChatError;
      }
    }

    it('lets the given points pass and refuses the next', async () => {
      const limiter = hotPath.createLimiter(2, 60_000);
      await limiter.consume('a');
      await limiter.consume('a');
      expect(await tryTo(limiter, 'a')).to.include({ code: 'RATE_LIMITED' });
    });

    it('says when to try again', async () => {
      const limiter = hotPath.createLimiter(1, 60_000);
      await limiter.consume('a');
      expect((await tryTo(limiter, 'a'))?.details?.['retryAfterMs']).to.be.within(1, 60_000);
    });

    it('counts keys apart', async () => {
      const limiter = hotPath.createLimiter(1, 60_000);
      await limiter.consume('a');
      await limiter.consume('b');
    });

    it('takes several points at once', async () => {
      const limiter = hotPath.createLimiter(5, 60_000);
      await limiter.consume('a', 4);
      expect(await tryTo(limiter, 'a', 2)).to.be.instanceOf(ChatError);
    });

    it('lets a key pass again after its window', async () => {
      const limiter = hotPath.createLimiter(1, 1_000);
      await limiter.consume('a');
      expect(
        await until(
          () => tryTo(limiter, 'a'),
          (error) => error === undefined,
        ),
      ).to.equal(undefined);
    });
  });
};
