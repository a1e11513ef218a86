import type { Redis } from 'ioredis';

/** An answer that took longer says too little of when it was given; ms. */
const MAX_ROUND_TRIP_MS = 500;

/**
 * The time by Redis' clock, which the processes of a cluster have in common: a node whose own clock is wrong makes ids, and judges their age, as the
 * others do. Between two looks this process' monotonic clock counts on. Before the first one it is the node's own time.
 */
export class RedisTime {
  /** Redis' time minus the monotonic one; ms. */
  #offset: number | undefined;

  /** Milliseconds since the Unix epoch, whole ones. */
  now(): number {
    return Math.floor(this.#offset === undefined ? Date.now() : this.#offset + performance.now());
  }

  /** Rejects when Redis does not answer: what was known goes on to count. */
  async read(client: Pick<Redis, 'time'>): Promise<void> {
    const asked = performance.now();
    const [seconds, micros] = (await client.time()).map(Number) as [number, number];
    const answered = performance.now();
    if (this.#offset !== undefined && answered - asked > MAX_ROUND_TRIP_MS) return;
    this.#offset = seconds * 1000 + micros / 1000 - (asked + answered) / 2;
  }
}
