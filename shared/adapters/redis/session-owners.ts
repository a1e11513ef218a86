import { createHash } from 'node:crypto';
import type { SessionOwners } from '../../ports/index.js';
import type { RedisConnection } from './connection.js';
import { loadScript } from './script.js';

const CLAIM = loadScript('claim-session-1');
const RELEASE = loadScript('release-lease-1');

/** `owner:<SHA-256 of the session id>` → owner, so that who reads Redis cannot use a session. */
export class RedisSessionOwners implements SessionOwners {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async claim(sessionId: string, owner: string, ttlMs: number): Promise<string | undefined> {
    return ((await this.#redis.run(CLAIM, [keyOf(sessionId)], [owner, ttlMs])) as string | null) ?? undefined;
  }

  async find(sessionId: string): Promise<string | undefined> {
    const pipeline = this.#redis.pipeline();
    pipeline.get(this.#redis.prefix + keyOf(sessionId));
    const [owner] = (await this.#redis.execute(pipeline)) as [string | null];
    return owner ?? undefined;
  }

  async release(sessionId: string, owner: string): Promise<void> {
    await this.#redis.run(RELEASE, [keyOf(sessionId)], [owner]);
  }
}

function keyOf(sessionId: string): string {
  return `owner:${createHash('sha256').update(sessionId).digest('base64url')}`;
}
