import { setTimeout as pause } from 'node:timers/promises';
import type { ServerId } from '../../domain/ids.js';
import type { Confirmations } from '../../ports/index.js';
import type { RedisConnection } from './connection.js';

const KEEP_MS = 60_000;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 25;

/** `confirmed:<id>` is a set of server ids. Waiting polls, from 2 ms apart to 25: a blocking read would need a connection per waiter. */
export class RedisConfirmations implements Confirmations {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async confirm(confirmation: string, serverId: ServerId): Promise<void> {
    const pipeline = this.#redis.pipeline();
    pipeline.sadd(this.#key(confirmation), serverId);
    pipeline.pexpire(this.#key(confirmation), KEEP_MS);
    await this.#redis.execute(pipeline);
  }

  async wait(confirmation: string, serverIds: readonly ServerId[], timeoutMs: number): Promise<boolean> {
    if (serverIds.length === 0) return true;
    const deadline = performance.now() + timeoutMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      if (await this.#haveAll(confirmation, serverIds)) return true;
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await pause(Math.min(pauseMs, left));
    }
  }

  async #haveAll(confirmation: string, serverIds: readonly ServerId[]): Promise<boolean> {
    const pipeline = this.#redis.pipeline();
    pipeline.smismember(this.#key(confirmation), ...serverIds);
    const [held] = (await this.#redis.execute(pipeline)) as [number[]];
    return held.every((one) => one === 1);
  }

  #key(confirmation: string): string {
    return `${this.#redis.prefix}confirmed:${confirmation}`;
  }
}
