/** The part of the platform that lets time pass; tests give their own. */
export interface Timers {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

export interface ScheduleOptions {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly timers: Timers;
}

/** Every timer of a client goes through here, so that closing it leaves none behind. */
export class Schedule {
  readonly now: () => number;
  readonly random: () => number;
  readonly #timers: Timers;
  readonly #pending = new Set<unknown>();
  #stopped = false;

  constructor(options: ScheduleOptions) {
    this.now = options.now;
    this.random = options.random;
    this.#timers = options.timers;
  }

  /** Runs once after `ms`; returns the function that cancels it. After `stop` nothing runs any more. */
  after(ms: number, run: () => void): () => void {
    if (this.#stopped) return () => undefined;
    const handle = this.#timers.setTimeout(() => {
      this.#pending.delete(handle);
      run();
    }, ms);
    this.#pending.add(handle);
    return () => {
      if (this.#pending.delete(handle)) this.#timers.clearTimeout(handle);
    };
  }

  /** Full jitter: anything from 0 to `base · 2^attempt`, at most `cap`; in ms. */
  jitter(attempt: number, backoff: { readonly baseMs: number; readonly capMs: number }): number {
    return Math.floor(this.random() * Math.min(backoff.capMs, backoff.baseMs * 2 ** Math.min(attempt, 30)));
  }

  stop(): void {
    this.#stopped = true;
    for (const handle of this.#pending) this.#timers.clearTimeout(handle);
    this.#pending.clear();
  }
}

export const platformTimers: Timers = {
  setTimeout: (run, ms) => globalThis.setTimeout(run, ms),
  clearTimeout: (handle) => {
    globalThis.clearTimeout(handle as ReturnType<typeof globalThis.setTimeout>);
  },
};
