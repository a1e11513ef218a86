/** Something that wants to be called at some time. */
export interface Timed {
  /** Its time has come: milliseconds until it wants to be called again, or undefined for not at all. Must not throw. */
  onTime(): number | undefined;
}

export interface TimingWheelOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly tickMs?: number;
}

const TICK_MS = 50;
/** One turn of the wheel; what is later goes round more than once. */
const SLOTS = 1_024;

interface Place {
  readonly slot: Set<Timed>;
  readonly tick: number;
}

/**
 * One timer for the times of all connections, each of which has one at most: heart-beats cost a place in a set and no
 * timer of their own. The timer runs only while something waits. Never early, late by a tick at most.
 */
export class TimingWheel {
  readonly #now: () => number;
  readonly #tickMs: number;
  readonly #slots = Array.from({ length: SLOTS }, () => new Set<Timed>());
  readonly #places = new Map<Timed, Place>();
  readonly #origin: number;
  /** Ticks that have been handled. */
  #tick = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TimingWheelOptions) {
    this.#now = options.now;
    this.#tickMs = options.tickMs ?? TICK_MS;
    this.#origin = options.now();
  }

  get size(): number {
    return this.#places.size;
  }

  /** In place of what had been set for it. */
  set(timed: Timed, delayMs: number): void {
    this.cancel(timed);
    this.#run();
    const tick = Math.max(this.#tick + 1, Math.ceil((this.#now() - this.#origin + delayMs) / this.#tickMs));
    const slot = this.#slots[tick % SLOTS] as Set<Timed>;
    slot.add(timed);
    this.#places.set(timed, { slot, tick });
  }

  cancel(timed: Timed): void {
    this.#places.get(timed)?.slot.delete(timed);
    this.#places.delete(timed);
  }

  /** Calls everything whose time has come. */
  advance(): void {
    const last = Math.floor((this.#now() - this.#origin) / this.#tickMs);
    const from = Math.max(this.#tick + 1, last - SLOTS + 1);
    this.#tick = Math.max(this.#tick, last);
    for (let tick = from; tick <= last; tick++) this.#turnTo(tick % SLOTS, last);
    if (this.#places.size === 0) this.stop();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #turnTo(index: number, last: number): void {
    for (const timed of [...(this.#slots[index] as Set<Timed>)]) {
      const place = this.#places.get(timed);
      if (place === undefined || place.tick > last) continue;
      this.cancel(timed);
      const delayMs = timed.onTime();
      if (delayMs !== undefined) this.set(timed, delayMs);
    }
  }

  /** After a rest the wheel stands at an old time: it is set to the present, nothing waits in between. */
  #run(): void {
    if (this.#timer !== undefined) return;
    this.#tick = Math.max(this.#tick, Math.floor((this.#now() - this.#origin) / this.#tickMs));
    this.#timer = setInterval(() => this.advance(), this.#tickMs).unref();
  }
}
