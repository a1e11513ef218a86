/** Milliseconds of a clock that never goes back. */
export type Now = () => number;

export const monotonicNow: Now = () => performance.now();

/** A map whose entries end after their time, and whose oldest entries end early when there are more than `capacity`. */
export class ExpiringMap<K, V> {
  readonly #entries = new Map<K, { readonly value: V; readonly until: number }>();
  readonly #capacity: number;
  readonly #now: Now;

  constructor(capacity: number, now: Now) {
    this.#capacity = capacity;
    this.#now = now;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until > this.#now()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  /** Makes the entry the youngest. */
  set(key: K, value: V, ttlMs: number): void {
    this.#entries.delete(key);
    this.#dropOldest();
    this.#entries.set(key, { value, until: this.#now() + ttlMs });
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  /** The live entries, oldest first. */
  *entries(): Generator<readonly [K, V]> {
    const now = this.#now();
    for (const [key, { value, until }] of this.#entries) if (until > now) yield [key, value];
  }

  /** With each new entry two old ones may go, so that a map in use is never much larger than what is alive in it. */
  #dropOldest(): void {
    const now = this.#now();
    let looked = 0;
    for (const [key, { until }] of this.#entries) {
      if (this.#entries.size >= this.#capacity || until <= now) this.#entries.delete(key);
      if (++looked === 2) return;
    }
  }
}
