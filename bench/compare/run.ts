import { findArm } from '../arms/catalog.js';
import type { ArmName, Measurement, RunningArm } from '../arms/arm.js';
import { withArm } from '../arms/with-arm.js';
import { describeMachine, type Machine } from '../cluster/machine.js';
import { interleave } from './statistics.js';
import { remarks, whyVoid } from './void.js';

export interface CompareOptions {
  readonly arms: readonly ArmName[];
  /** Messages under way per pair: one measurement each, on the same start of an arm. */
  readonly inFlight: readonly number[];
  readonly pairs: number;
  readonly nodes: number;
  readonly contentChars: number;
  readonly repeats: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

export interface Sample {
  readonly arm: ArmName;
  readonly inFlight: number;
  readonly repeat: number;
  readonly measurement: Measurement;
  /** Why it does not count. */
  readonly void: string | undefined;
  readonly remarks: readonly string[];
}

export interface CompareReport {
  readonly machine: Machine;
  readonly startedAt: string;
  readonly options: CompareOptions;
  readonly samples: readonly Sample[];
}

/** Every arm once per repeat, in turning order; each starts empty and is gone before the next. */
export async function runCompare(options: CompareOptions, onSample: (sample: Sample) => void): Promise<CompareReport> {
  const startedAt = new Date().toISOString();
  const samples: Sample[] = [];
  const take = (sample: Sample): void => {
    samples.push(sample);
    onSample(sample);
  };
  for (const [repeat, arms] of interleave(options.arms, options.repeats).entries())
    for (const arm of arms)
      await withArm(findArm(arm), { nodes: options.nodes }, (running) => visit(running, { arm, options, repeat, take }));
  return { machine: describeMachine(), startedAt, options, samples };
}

interface Visit {
  readonly arm: ArmName;
  readonly options: CompareOptions;
  readonly repeat: number;
  readonly take: (sample: Sample) => void;
}

async function visit(running: RunningArm, { arm, options, repeat, take }: Visit): Promise<void> {
  const { pairs, contentChars, seconds, warmUpSeconds } = options;
  for (const inFlight of options.inFlight) {
    const shape = { pairs, contentChars, seconds, warmUpSeconds, traffic: { kind: 'closed', inFlight } } as const;
    const measurement = await running.measure(shape);
    take({ arm, inFlight, repeat, measurement, void: whyVoid(measurement), remarks: remarks(measurement) });
  }
}
