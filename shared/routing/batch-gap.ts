/** Items under way in this process, below which nothing waits: who is nearly alone gets answers as soon as they can be. */
export const FEW = 8;
const LEAST_MS = 5;
const MOST_MS = 20;
/** A millisecond for each so many items a second: batches of 8 items at 1,500/s, of 36 at 3,300/s, of a hundred at 5,600/s. */
const RATE_PER_MS = 300;
/** The rate is counted over at least this long: a burst is not a load. */
const WINDOW_MS = 100;

/**
 * How far apart the batches of the first stage begin, by how many items a second this process takes: the more there are, the more a larger batch
 * saves, and the dearer is a machine that has no time left (docs/adr/0006-batching.md has the figures).
 */
export class BatchGap {
  readonly #now: () => number;
  #since: number;
  #items = 0;
  #perSecond = 0;

  /** `now`: milliseconds of a monotonic clock. */
  constructor(now: () => number = () => performance.now()) {
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

  /** Milliseconds from the beginning of one batch to that of the next, while so many items are under way. */
  ms(underWay: number): number {
    if (underWay < FEW) return 0;
    return Math.min(MOST_MS, Math.max(LEAST_MS, this.#perSecond / RATE_PER_MS));
  }
}
