/**
 * Batches that clock themselves. The first batch leaves at the end of the turn in which its first item came (after the
 * other sockets of the same poll have been read); while `concurrency` batches are under way, the next one gathers.
 * A lightly loaded system sends at once, a busy one sends larger batches. See docs/adr/0006-batching.md.
 */
export interface TurnBatcherOptions<Item> {
  /** Must not reject: it settles each item by itself. */
  readonly flush: (items: Item[]) => Promise<void>;
  readonly concurrency: number;
  /** Milliseconds that batches are apart at least, by their beginnings; asked when there is something to send. A full one does not wait for it. */
  readonly gapMs?: () => number;
  readonly maxItems: number;
  /** Bound of one batch's size, in the unit of `sizeOf`; a single larger item travels alone. */
  readonly maxSize: number;
  readonly sizeOf: (item: Item) => number;
  /** Bound of what waits, in items and size; `add` refuses beyond it. */
  readonly maxWaitingItems: number;
  readonly maxWaitingSize: number;
}

export class TurnBatcher<Item> {
  readonly #options: TurnBatcherOptions<Item>;
  #waiting: Item[] = [];
  #waitingSize = 0;
  #flights = 0;
  #scheduled = false;
  /** Of what is scheduled, when it waits for the gap. */
  #timer: NodeJS.Timeout | undefined;
  #launchedAt = Number.NEGATIVE_INFINITY;

  constructor(options: TurnBatcherOptions<Item>) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get idle(): boolean {
    return this.#flights === 0 && this.#waiting.length === 0;
  }

  /** False when the bound is reached: the caller sheds the item. */
  add(item: Item): boolean {
    const size = this.#options.sizeOf(item);
    const { maxWaitingItems, maxWaitingSize } = this.#options;
    if (this.#waiting.length >= maxWaitingItems || (this.#waiting.length > 0 && this.#waitingSize + size > maxWaitingSize)) return false;
    this.#waiting.push(item);
    this.#waitingSize += size;
    this.#schedule();
    return true;
  }

  /** Puts items back before all others, in their order; they were counted when they were added, so no bound applies. */
  addFirst(items: readonly Item[]): void {
    this.#waiting.unshift(...items);
    for (const item of items) this.#waitingSize += this.#options.sizeOf(item);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#flights >= this.#options.concurrency) return;
    const isFull = this.#isFull();
    if (isFull && this.#timer !== undefined) this.#forgetTimer();
    else if (this.#scheduled) return;
    this.#scheduled = true;
    const gapMs = isFull ? 0 : (this.#options.gapMs?.() ?? 0);
    const waitMs = gapMs === 0 ? 0 : this.#launchedAt + gapMs - performance.now();
    if (waitMs > 0) this.#timer = setTimeout(this.#begin, waitMs);
    else setImmediate(this.#begin);
  }

  #forgetTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #isFull(): boolean {
    return this.#waiting.length >= this.#options.maxItems || this.#waitingSize >= this.#options.maxSize;
  }

  readonly #begin = (): void => {
    this.#scheduled = false;
    this.#timer = undefined;
    this.#launch();
  };

  #launch(): void {
    while (this.#waiting.length > 0 && this.#flights < this.#options.concurrency) {
      this.#flights += 1;
      if (this.#options.gapMs !== undefined) this.#launchedAt = performance.now();
      void this.#options.flush(this.#take()).finally(() => {
        this.#flights -= 1;
        if (this.#options.gapMs === undefined) this.#launch();
        else if (this.#waiting.length > 0) this.#schedule();
      });
    }
  }

  #take(): Item[] {
    const { maxItems, maxSize, sizeOf } = this.#options;
    let count = 0;
    let size = 0;
    while (count < this.#waiting.length && count < maxItems) {
      const next = sizeOf(this.#waiting[count] as Item);
      if (count > 0 && size + next > maxSize) break;
      size += next;
      count += 1;
    }
    this.#waitingSize -= size;
    if (count < this.#waiting.length) return this.#waiting.splice(0, count);
    const all = this.#waiting;
    this.#waiting = [];
    return all;
  }
}
