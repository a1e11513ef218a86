import type { ArmName, LoadShape, Measurement, RunningArm } from '../arms/arm.js';
import { findArm } from '../arms/catalog.js';
import { withArm } from '../arms/with-arm.js';
import { describeMachine, type Machine } from '../cluster/machine.js';
import { interleave, spreadOf, type Spread } from '../compare/statistics.js';
import { whyVoid } from '../compare/void.js';
import { kneeOf, sweepRates, type SweepPoint } from './knee.js';

export interface LatencyOptions {
  readonly arms: readonly [ours: ArmName, theirs: ArmName];
  readonly rates: readonly number[];
  readonly pairs: number;
  readonly contentChars: number;
  readonly repeats: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

export interface ArmLatency {
  readonly arm: ArmName;
  readonly sweep: readonly SweepPoint[];
  readonly knee: number | undefined;
  /** At the shared rate, open loop. */
  readonly atRate: Latency | undefined;
  /** Four messages under way in all, closed loop. */
  readonly fourInFlight: Latency | undefined;
}

export interface Latency {
  readonly runs: number;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
}

export interface LatencyReport {
  readonly machine: Machine;
  readonly startedAt: string;
  readonly options: LatencyOptions;
  /** Half of the rival's knee; undefined when it has none. */
  readonly sharedRate: number | undefined;
  readonly arms: readonly ArmLatency[];
}

type Say = (line: string) => void;
type Repeats = Readonly<Record<'atRate' | 'fourInFlight', Measurement[]>>;

const NODES = 2;
const FOUR = { pairs: 4, traffic: { kind: 'closed', inFlight: 1 } } as const;

/** A sweep of each arm for its knee, then both in turn at half of the rival's knee and with four messages under way. */
export async function runLatency(options: LatencyOptions, say: Say): Promise<LatencyReport> {
  const startedAt = new Date().toISOString();
  const sweeps = new Map<ArmName, readonly SweepPoint[]>();
  for (const arm of options.arms)
    sweeps.set(arm, await withArm(findArm(arm), { nodes: NODES }, (running) => sweep(running, { arm, options, say })));
  const knee = kneeOf(sweeps.get(options.arms[1]) ?? []);
  const sharedRate = knee === undefined ? undefined : Math.round(knee.perSecond / 2);
  const repeats = new Map<ArmName, Repeats>(options.arms.map((arm) => [arm, { atRate: [], fourInFlight: [] }]));
  for (const arm of interleave(options.arms, options.repeats).flat())
    await withArm(findArm(arm), { nodes: NODES }, (running) =>
      visit(running, { arm, options, say, sharedRate, repeats: repeats.get(arm) as Repeats }),
    );
  const arms = options.arms.map((arm) => toArmLatency(arm, { sweep: sweeps.get(arm) ?? [], repeats: repeats.get(arm) as Repeats }));
  return { machine: describeMachine(), startedAt, options, sharedRate, arms };
}

interface Context {
  readonly arm: ArmName;
  readonly options: LatencyOptions;
  readonly say: Say;
}

async function sweep(running: RunningArm, { arm, options, say }: Context): Promise<readonly SweepPoint[]> {
  await warm(running, options);
  return sweepRates(options.rates, async (perSecond) => {
    const measurement = await running.measure(openShape(options, perSecond));
    const point = toPoint(perSecond, measurement);
    say(
      `${arm.padEnd(17)} ${String(perSecond).padStart(6)}/s due ${describe(measurement)}${point.void === undefined ? '' : `  VOID: ${point.void}`}`,
    );
    return point;
  });
}

async function visit(
  running: RunningArm,
  context: Context & { readonly sharedRate: number | undefined; readonly repeats: Repeats },
): Promise<void> {
  const { arm, options, say, sharedRate, repeats } = context;
  const take = async (kind: keyof Repeats, shape: LoadShape): Promise<void> => {
    const measurement = await running.measure(shape);
    const reason = whyVoid(measurement);
    if (reason === undefined) repeats[kind].push(measurement);
    say(
      `${arm.padEnd(17)} ${kind === 'atRate' ? `${sharedRate ?? 0}/s due` : '4 in flight'} ${describe(measurement)}${reason === undefined ? '' : `  VOID: ${reason}`}`,
    );
  };
  await warm(running, options);
  if (sharedRate !== undefined) await take('atRate', openShape(options, sharedRate));
  await take('fourInFlight', { ...openShape(options, 0), ...FOUR });
}

/** Fresh processes are slow until their code is compiled: a visit whose figures are thrown away. */
async function warm(running: RunningArm, options: LatencyOptions): Promise<void> {
  await running.measure({ ...openShape(options, 0), traffic: { kind: 'closed', inFlight: 20 } });
}

function openShape({ pairs, contentChars, seconds, warmUpSeconds }: LatencyOptions, perSecond: number): LoadShape {
  return { pairs, contentChars, seconds, warmUpSeconds, traffic: { kind: 'open', perSecond } };
}

function toPoint(perSecond: number, measurement: Measurement): SweepPoint {
  const { deliveredPerSecond, deliveryMs, systemMicros } = measurement;
  return { perSecond, deliveredPerSecond, p50Ms: deliveryMs.p50, p99Ms: deliveryMs.p99, systemMicros, void: whyVoid(measurement) };
}

function toArmLatency(
  arm: ArmName,
  { sweep: points, repeats }: { readonly sweep: readonly SweepPoint[]; readonly repeats: Repeats },
): ArmLatency {
  return {
    arm,
    sweep: points,
    knee: kneeOf(points)?.perSecond,
    atRate: toLatency(repeats.atRate),
    fourInFlight: toLatency(repeats.fourInFlight),
  };
}

function toLatency(measurements: readonly Measurement[]): Latency | undefined {
  if (measurements.length === 0) return undefined;
  const spread = (pick: (one: Measurement) => number): Spread => spreadOf(measurements.map(pick));
  return { runs: measurements.length, p50Ms: spread((one) => one.deliveryMs.p50), p99Ms: spread((one) => one.deliveryMs.p99) };
}

function describe({ deliveredPerSecond, deliveryMs, latenessMs, systemMicros, neighbours }: Measurement): string {
  const late = latenessMs.max > 0 ? `, generator late p99 ${latenessMs.p99.toFixed(2)}` : '';
  return `${Math.round(deliveredPerSecond)}/s  p50 ${deliveryMs.p50.toFixed(2)} p99 ${deliveryMs.p99.toFixed(2)} ms${late}  ${systemMicros.toFixed(0)} µs  others ${Math.round(neighbours * 100)} %`;
}
