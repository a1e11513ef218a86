import { setTimeout as pause } from 'node:timers/promises';
import type { Measurement } from '../arms/arm.js';
import { WARREN_ARM, type RunningWarren } from '../arms/warren-arm.js';
import { withArm } from '../arms/with-arm.js';
import { describeMachine, type Machine } from '../cluster/machine.js';

export interface DesignOptions {
  readonly rate: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly pairs: number;
  readonly nodes: number;
}

export interface DesignReport {
  readonly machine: Machine;
  readonly startedAt: string;
  readonly options: DesignOptions;
  readonly measurement: Measurement;
  /** Of the whole run, a minute after the last one: sent, and not in the store. */
  readonly notStored: number;
}

const STORED_WITHIN_MS = 60_000;
const POLL_MS = 250;

/** Messages due at the design’s rate whether or not the system keeps up; each must be accepted, delivered and stored. */
export function runDesign(options: DesignOptions): Promise<DesignReport> {
  const startedAt = new Date().toISOString();
  const { rate, nodes, ...rest } = options;
  return withArm(WARREN_ARM, { nodes }, async (running) => {
    const measurement = await running.measure({ ...rest, contentChars: 100, traffic: { kind: 'open', perSecond: rate } });
    const notStored = measurement.sentInAll - (await storedOf(running, measurement.sentInAll));
    return { machine: describeMachine(), startedAt, options, measurement, notStored };
  });
}

/** Waits until as many are stored, for a minute at most. */
async function storedOf(running: RunningWarren, wanted: number): Promise<number> {
  const deadline = performance.now() + STORED_WITHIN_MS;
  let stored = running.storedMessages() ?? 0;
  while (stored < wanted && performance.now() < deadline) {
    await pause(POLL_MS);
    stored = running.storedMessages() ?? 0;
  }
  return stored;
}
