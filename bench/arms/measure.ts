import { cpus } from 'node:os';
import { usedByPart, type CpuTime } from '../cluster/cpu.js';
import { machineBusyMs } from '../cluster/machine.js';
import type { LoadResult } from '../load/protocol.js';
import type { Measurement } from './arm.js';

interface Snapshot {
  readonly parts: ReadonlyMap<string, CpuTime>;
  readonly machineMs: number;
  readonly ownMs: number;
  readonly stored: number | undefined;
}

/** What a meter reads at both ends of the measured time. */
export interface Readings {
  /** CPU time by part of the system, since its processes began. */
  readonly cpu: () => ReadonlyMap<string, CpuTime>;
  /** Messages in the durable store; left out where there is none. */
  readonly stored?: (() => number) | undefined;
}

/** Reads the accounts at both ends of the measured time. */
export class Meter {
  readonly #readings: Readings;
  #before: Snapshot | undefined;
  #after: Snapshot | undefined;

  constructor(readings: Readings) {
    this.#readings = readings;
  }

  readonly measuring = (): void => void (this.#before = this.#read());
  readonly measured = (): void => void (this.#after = this.#read());

  /** @throws Error when the load never reached the end of the measured time. */
  conclude(result: LoadResult): Measurement {
    const [before, after] = [this.#before, this.#after];
    if (before === undefined || after === undefined) throw new Error('nothing was measured');
    const perMessage = (ms: number): number => (ms * 1000) / result.delivered;
    const used = usedByPart(before.parts, after.parts);
    const systemMs = [...used.values()].reduce((sum, ms) => sum + ms, 0);
    const foreignMs = after.machineMs - before.machineMs - systemMs - result.cpuMs - (after.ownMs - before.ownMs);
    return {
      ...result,
      deliveredPerSecond: result.delivered / result.seconds,
      cpuMicros: Object.fromEntries([...used].map(([part, ms]) => [part, perMessage(ms)])),
      systemMicros: perMessage(systemMs),
      loadMicros: perMessage(result.cpuMs),
      loadBusy: result.cpuMs / 1000 / result.seconds,
      neighbours: Math.max(0, foreignMs / 1000 / result.seconds / cpus().length),
      stored: before.stored === undefined || after.stored === undefined ? undefined : (after.stored - before.stored) / result.delivered,
    };
  }

  #read(): Snapshot {
    const { user, system } = process.cpuUsage();
    return {
      parts: this.#readings.cpu(),
      machineMs: machineBusyMs(),
      ownMs: (user + system) / 1000,
      stored: this.#readings.stored?.(),
    };
  }
}
