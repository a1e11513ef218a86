/** 2 MB, for a good hundred thousand channels that are busy within an hour. */
const SLOTS = 2 ** 18;
const PERIOD_MS = 3_600_000;
/** Periods are told apart for longer than a process runs. */
const PERIODS = 2 ** 20;

/**
 * Which keys were renewed in the running hour, to renew each once: a slot a key, by its hash, that holds the rest of its hash and the hour. Two
 * keys of one slot displace each other and are renewed more often than they need to be; one that is taken for another, by equal hashes of
 * 50 bits, is not renewed. A map of the keys took twice as long with 100,000 channels (1.0 µs of a message in place of 0.5).
 */
export class Renewals {
  readonly #slots = new Float64Array(SLOTS);

  /** True for a key's first call of each hour. `now`: monotonic milliseconds. */
  take(key: string, now: number): boolean {
    let [place, rest] = [0x811c9dc5, 0x9747b28c];
    for (let i = 0; i < key.length; i++) {
      const code = key.charCodeAt(i);
      // FNV-1a, and the same with another factor.
      place = Math.imul(place ^ code, 0x01000193);
      rest = Math.imul(rest ^ code, 0x5bd1e995);
    }
    const slot = (place ^ (place >>> 15)) & (SLOTS - 1);
    // Never 0, which is what an unused slot has.
    const period = 1 + (Math.floor(now / PERIOD_MS) % (PERIODS - 1));
    const value = (rest >>> 0) * PERIODS + period;
    if (this.#slots[slot] === value) return false;
    this.#slots[slot] = value;
    return true;
  }
}
