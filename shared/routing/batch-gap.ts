/** Shortest and longest, ms. */
const SHORTEST_MS = 5;
const LONGEST_MS = 15;
/** What a batch takes where nothing waits for a processor, about; for each ms beyond it the gap grows by so many. */
const QUICK_TRIP_MS = 5;
const GROWTH = 3;
/** A new trip counts for this share of the mean. */
const WEIGHT = 1 / 8;

/**
 * How far batches are apart at least. Where they take long from their reservation to their answers, the machine is busy: then waiting for more of them
 * to come makes fewer and larger ones for less CPU, and the answers come no later (docs/adr/0006-batching.md).
 */
export class BatchGap {
  #tripMs = 0;

  /** A batch has taken so long. */
  observe(tripMs: number): void {
    this.#tripMs += (tripMs - this.#tripMs) * WEIGHT;
  }

  get ms(): number {
    return Math.min(LONGEST_MS, SHORTEST_MS + GROWTH * Math.max(0, this.#tripMs - QUICK_TRIP_MS));
  }
}
