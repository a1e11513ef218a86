import type { Quantiles } from './protocol.js';

const MAX_SAMPLES = 2_000_000;

/** Every latency of a run, in a typed array: nothing is estimated. */
export class Latencies {
  readonly #samples = new Float32Array(MAX_SAMPLES);
  #count = 0;

  add(ms: number): void {
    if (this.#count < MAX_SAMPLES) this.#samples[this.#count++] = ms;
  }

  clear(): void {
    this.#count = 0;
  }

  quantiles(): Quantiles {
    const sorted = this.#samples.slice(0, this.#count).sort();
    const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
    return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
  }
}
