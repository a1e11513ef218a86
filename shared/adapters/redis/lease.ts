import type { Lease } from '../../ports/index.js';
import type { RedisConnection } from './connection.js';
import { loadScript } from './script.js';

const HOLD = loadScript('hold-lease-1');
const RELEASE = loadScript('release-lease-1');

/** `lease:<name>` holds its holder and expires with the lease. */
export class RedisLease implements Lease {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async hold(name: string, holder: string, ttlMs: number): Promise<boolean> {
    return (await this.#redis.run(HOLD, [`lease:${name}`], [holder, ttlMs])) === 1;
  }

  async release(name: string, holder: string): Promise<void> {
    await this.#redis.run(RELEASE, [`lease:${name}`], [holder]);
  }
}
