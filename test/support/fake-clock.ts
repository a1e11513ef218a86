import type { Timers } from '../../client/schedule.js';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Time that passes when a test says so. Its timers fit `ClientOptions.timers`, its `now` `ClientOptions.now`. */
export class FakeClock {
  #now: number;
  readonly #timers = new Map<number, Timer>();
  #count = 0;

  constructor(now = Date.parse('2026-11-18T10:00:00Z')) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  readonly timers: Timers = {
    setTimeout: (run, ms) => {
      this.#timers.set(++this.#count, { at: this.#now + ms, run });
      return this.#count;
    },
    clearTimeout: (handle) => {
      this.#timers.delete(handle as number);
    },
  };

  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Runs what is due, in order, and lets promises settle after each. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let next = this.#nextBefore(until); next !== undefined; next = this.#nextBefore(until)) {
      const [handle, timer] = next;
      this.#timers.delete(handle);
      this.#now = Math.max(this.#now, timer.at);
      timer.run();
      await settle();
    }
    this.#now = until;
  }

  #nextBefore(until: number): readonly [number, Timer] | undefined {
    const due = [...this.#timers].filter(([, timer]) => timer.at <= until);
    return due.sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
  }
}

/** Every promise that needs no timer and no I/O has settled. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
