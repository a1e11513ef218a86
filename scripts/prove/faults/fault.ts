import type { Arena } from '../arena/arena.js';
import type { SeededDevice } from '../arena/seed.js';
import type { HistoryRecord } from '../history/records.js';
import type { Fleet } from '../load/fleet.js';
import type { SeededRandom } from '../random.js';

/** What a fault may reach for. */
export interface FaultTools {
  readonly arena: Arena;
  readonly fleet: Fleet;
  readonly devices: readonly SeededDevice[];
  readonly random: SeededRandom;
  /** Milliseconds since the run began. */
  readonly now: () => number;
  /** For what a fault itself says in the chat. */
  readonly write: (record: HistoryRecord) => void;
  /** Says that the broken thing takes connections again: the fault itself may go on until it is whole. */
  readonly opened: () => void;
}

/**
 * Lanes run side by side, one fault at a time in each: `node` breaks servers and API and their lines, `dependency` what they stand on, `client` is
 * what clients do and suffer, slow lines included. Faults of different lanes may meet; two dependencies are not lost at the same time, because no system that acknowledges
 * promises to survive that.
 */
export type Lane = 'node' | 'dependency' | 'client';

export interface FaultKind {
  readonly name: string;
  readonly lane: Lane;
  /** How often it comes up in a long run, next to the others. */
  readonly weight: number;
  /** Takes part in the short form: all but what only lasts longer. */
  readonly short: boolean;
  /** Comes once by itself before the lanes begin: how fast everybody recovers from it is a promise, measured without other faults. */
  readonly alone?: true;
  /** Redis loses its data with it. */
  readonly forgets?: true;
  /** Why it cannot be done on this machine. */
  readonly unavailable?: string | undefined;
  /** Breaks something, and resolves with what it was once that works again. */
  readonly run: (tools: FaultTools) => Promise<string>;
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Asks until it is so. @throws Error after `withinMs`. */
export async function until(what: string, isSo: () => Promise<boolean>, withinMs = 90_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${withinMs / 1_000} s`);
    await wait(100);
  }
}
