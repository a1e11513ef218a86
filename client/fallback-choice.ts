import type { Schedule } from './schedule.js';
import type { Keep } from './storage.js';

/** From the best to the one that gets through nearly everything. */
export const TRANSPORTS = ['websocket', 'streaming', 'polling'] as const;
export type TransportName = (typeof TRANSPORTS)[number];

export const TRANSPORT_KEY = 'transport';
/** A transport that worked is given up after so many failures in a row: its server may just have been away. */
const FAILURES_OF_A_GOOD_ONE = 3;
const CLIMB = { firstMs: 60_000, longestMs: 3_600_000 };

/** Which transport to use: steps down when one does not get through, remembers which did, and says when to try a better one. */
export class TransportChoice {
  readonly #allowed: readonly TransportName[];
  readonly #keep: Keep;
  readonly #good = new Set<TransportName>();
  #current: TransportName;
  #failures = 0;
  #climbMs = CLIMB.firstMs;

  constructor(options: { readonly allowed: readonly TransportName[]; readonly keep: Keep }) {
    this.#allowed = TRANSPORTS.filter((name) => options.allowed.includes(name));
    this.#keep = options.keep;
    this.#current = this.#allowed[0] ?? 'websocket';
  }

  get current(): TransportName {
    return this.#current;
  }

  /** There is none below: patience is all that is left. */
  get isLast(): boolean {
    return this.#current === this.#allowed.at(-1);
  }

  /** How long to wait before a better one is tried; undefined while there is no better one. */
  get climbMs(): number | undefined {
    return this.#current === this.#allowed[0] || !this.#allowed.includes('websocket') ? undefined : this.#climbMs;
  }

  /** What an earlier life of this device found out. */
  restore(kept: ReadonlyMap<string, string>): void {
    const name = this.#allowed.find((allowed) => allowed === kept.get(TRANSPORT_KEY));
    if (name === undefined || this.#failures > 0 || this.#good.size > 0) return;
    this.#current = name;
    this.#good.add(name);
  }

  /** Something came in by it. */
  worked(name: TransportName): void {
    this.#failures = 0;
    if (this.#good.has(name) && this.#good.size === 1) return;
    this.#good.clear();
    this.#good.add(name);
    this.#keep.set(TRANSPORT_KEY, name);
    if (name === this.#allowed[0]) this.#climbMs = CLIMB.firstMs;
  }

  /** It ended before anything came in by it. Below the last one everything is tried again. */
  failed(name: TransportName): void {
    if (name !== this.#current) return;
    this.#failures += 1;
    if (this.#good.has(name) && this.#failures < FAILURES_OF_A_GOOD_ONE) return;
    this.#good.delete(name);
    this.#failures = 0;
    const next = this.#allowed.indexOf(name) + 1;
    this.#current = this.#allowed[next] ?? this.#allowed[0] ?? name;
  }

  /** A WebSocket got through, or did not. */
  climbed(outcome: 'through' | 'stuck'): void {
    this.#climbMs = Math.min(this.#climbMs * 2, CLIMB.longestMs);
    if (outcome === 'stuck') return;
    this.#current = 'websocket';
    this.#failures = 0;
  }
}

/** Asks for a run after `climbMs`; nothing while the best transport is in use. */
export function scheduleClimb(choice: TransportChoice, schedule: Schedule, run: () => void): () => void {
  return choice.climbMs === undefined ? () => undefined : schedule.after(choice.climbMs, run);
}
