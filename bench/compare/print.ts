import type { ArmName, Measurement } from '../arms/arm.js';
import { printParts } from '../report/cpu-parts.js';
import type { CompareReport, Sample } from './run.js';
import { spreadOf, type Spread } from './statistics.js';

/** One line while the run goes on. */
export function printSample({ arm, inFlight, repeat, measurement, ...sample }: Sample): string {
  const { deliveredPerSecond, systemMicros, cpuMicros, loadMicros, loadBusy, deliveryMs, neighbours } = measurement;
  const notes = [...(sample.void === undefined ? [] : [`VOID: ${sample.void}`]), ...sample.remarks];
  return [
    `${repeat + 1} ${arm.padEnd(17)} ${String(inFlight).padStart(3)} in flight `,
    `${whole(deliveredPerSecond).padStart(7)}/s  ${systemMicros.toFixed(1).padStart(6)} µs (${printParts(cpuMicros)}) `,
    ` load ${loadMicros.toFixed(1)} µs, ${Math.round(loadBusy * 100)} % busy  p50 ${ms(deliveryMs.p50)} p99 ${ms(deliveryMs.p99)} ms  others ${Math.round(neighbours * 100)} %`,
    ...notes.map((note) => `\n    ${note}`),
  ].join('');
}

export interface ArmSummary {
  readonly arm: ArmName;
  readonly inFlight: number;
  readonly runs: number;
  readonly deliveredPerSecond: Spread;
  readonly systemMicros: Spread;
  readonly loadMicros: Spread;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
}

/** Void runs are left out; an arm without any other has no line. */
export function summarise(report: CompareReport): readonly ArmSummary[] {
  const { arms, inFlight } = report.options;
  return inFlight.flatMap((flight) => arms.flatMap((arm) => summariseArm(report.samples, { arm, inFlight: flight })));
}

function summariseArm(samples: readonly Sample[], key: { readonly arm: ArmName; readonly inFlight: number }): readonly ArmSummary[] {
  const counted = samples.filter((one) => one.arm === key.arm && one.inFlight === key.inFlight && one.void === undefined);
  if (counted.length === 0) return [];
  const spread = (pick: (measurement: Measurement) => number): Spread => spreadOf(counted.map((one) => pick(one.measurement)));
  return [
    {
      ...key,
      runs: counted.length,
      deliveredPerSecond: spread((one) => one.deliveredPerSecond),
      systemMicros: spread((one) => one.systemMicros),
      loadMicros: spread((one) => one.loadMicros),
      p50Ms: spread((one) => one.deliveryMs.p50),
      p99Ms: spread((one) => one.deliveryMs.p99),
    },
  ];
}

export function printSummary(report: CompareReport): string {
  const lines = summarise(report).map((one) =>
    [
      `${String(one.inFlight).padStart(3)} in flight  ${one.arm.padEnd(17)}`,
      `${whole(one.deliveredPerSecond.median)}/s (${whole(one.deliveredPerSecond.min)} to ${whole(one.deliveredPerSecond.max)})`.padEnd(30),
      `${one.systemMicros.median.toFixed(1)} µs (${one.systemMicros.min.toFixed(1)} to ${one.systemMicros.max.toFixed(1)})`.padEnd(28),
      `p50 ${ms(one.p50Ms.median)} p99 ${ms(one.p99Ms.median)} ms, ${one.runs} runs`,
    ].join('  '),
  );
  return ['', 'median (least to most)', ...lines].join('\n');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function ms(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(0);
}
