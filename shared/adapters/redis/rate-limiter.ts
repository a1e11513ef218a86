import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { ChatError } from '../../errors/chat-error.js';
import type { RateLimiter } from '../../ports/index.js';
import type { RedisConnection } from './connection.js';
import { translateRedisError } from './redis-errors.js';

export interface RateLimiterOptions {
  /** Part of the key: what is limited, such as `login`. */
  readonly name: string;
  readonly points: number;
  readonly windowMs: number;
}

/** `rate:<name>:<key>` counts a fixed window for all processes; while Redis is away each process counts by itself. */
export class RedisRateLimiter implements RateLimiter {
  readonly #limiter: RateLimiterRedis;

  constructor(redis: RedisConnection, options: RateLimiterOptions) {
    const limits = { points: options.points, duration: options.windowMs / 1000 };
    const keyPrefix = `${redis.prefix}rate:${options.name}`;
    this.#limiter = new RateLimiterRedis({
      ...limits,
      keyPrefix,
      storeClient: redis.client,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory({ ...limits, keyPrefix }),
    });
  }

  async consume(key: string, points = 1): Promise<void> {
    try {
      await this.#limiter.consume(key, points);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw translateRedisError(error);
      throw new ChatError('RATE_LIMITED', { details: { retryAfterMs: Math.max(1, Math.ceil(error.msBeforeNext)) } });
    }
  }
}
