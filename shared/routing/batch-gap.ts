/** The rate is counted over at least this long: a burst is not a load. */
const WINDOW_MS = 100;

/** How a gap follows from a rate. */
export interface GapLaw {
  /** A millisecond for each so many items a second. */
  readonly ratePerMs: number;
  readonly leastMs: number;
  readonly mostMs: number;
}

/** Events of one server, under way together: batches of 8 at 1,500/s, of 36 at 3,300/s, of a hundred at 5,600/s. */
export const EVENT_GAP: GapLaw = { ratePerMs: 300, leastMs: 5, mostMs: 20 };
/** People who connect to one server: what comes less often than every 5 ms is hardly ever near enough to wait; batches of 5 at 1,000/s, of 40 at 8,000/s. */
export const CONNECT_GAP: GapLaw = { ratePerMs: 200, leastMs: 0, mostMs: 5 };

/**
 * How far apart batches begin, by how many items a second this process takes: the more there are, the more a larger batch saves, and the dearer is
 * a machine that has no time left (docs/adr/0006-batching.md has the figures). By the rate and not by how many wait for an answer, because small batches
 * are answered soon, and then few are waiting whatever the rate.
 */
export class BatchGap {
  readonly #law: GapLaw;
  readonly #now: () => number;
  #since: number;
  #items = 0;
  #perSecond = 0;

  /** `now`: milliseconds of a monotonic clock. */
  constructor(law: GapLaw, now: () => number = () => performance.now()) {
    this.#law = law;
    this.#now = now;
    this.#since = now();
  }

  /** A batch of so many items begins. */
  note(items: number): void {
    this.#items += items;
    const now = this.#now();
    const elapsed = now - this.#since;
    if (elapsed < WINDOW_MS) return;
    this.#perSecond = (this.#items * 1_000) / elapsed;
    this.#items = 0;
    this.#since = now;
  }

  /** Milliseconds from the beginning of one batch to that of the next. */
  get ms(): number {
    const { ratePerMs, leastMs, mostMs } = this.#law;
    return Math.min(mostMs, Math.max(leastMs, this.#perSecond / ratePerMs));
  }
}
