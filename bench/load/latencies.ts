import type { Quantiles } from './protocol.js';

/** One bucket per half a per cent, from a microsecond to a quarter of an hour: a run of any length in 33 KB. */
const STEP = Math.log(1.005);
const SMALLEST_MS = 0.001;
const BUCKETS = 4_150;

/** Latencies of a run, each counted to within a quarter of a per cent; the largest is kept as it was. */
export class Latencies {
  readonly #buckets = new Float64Array(BUCKETS);
  #count = 0;
  #max = 0;

  add(ms: number): void {
    const bucket = ms <= SMALLEST_MS ? 0 : Math.min(BUCKETS - 1, Math.floor(Math.log(ms / SMALLEST_MS) / STEP));
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count += 1;
    if (ms > this.#max) this.#max = ms;
  }

  get count(): number {
    return this.#count;
  }

  /** Counts what the other has counted as well. */
  absorb(other: Latencies): void {
    for (let i = 0; i < BUCKETS; i++) this.#buckets[i] = (this.#buckets[i] ?? 0) + (other.#buckets[i] ?? 0);
    this.#count += other.#count;
    if (other.#max > this.#max) this.#max = other.#max;
  }

  clear(): void {
    this.#buckets.fill(0);
    this.#count = 0;
    this.#max = 0;
  }

  quantiles(): Quantiles {
    return { p50: this.#at(0.5), p99: this.#at(0.99), max: this.#max };
  }

  #at(quantile: number): number {
    let left = Math.ceil(quantile * this.#count);
    if (left === 0) return 0;
    const bucket = this.#buckets.findIndex((count) => (left -= count) <= 0);
    return Math.min(this.#max, SMALLEST_MS * Math.exp((bucket + 0.5) * STEP));
  }
}
