import { WARREN_ARM } from '../arms/warren-arm.js';
import { withArm } from '../arms/with-arm.js';
import { describeMachine, type Machine } from '../cluster/machine.js';
import { interleave, spreadOf, type Spread } from '../compare/statistics.js';
import { whyVoid } from '../compare/void.js';

export interface NodesOptions {
  readonly few: number;
  readonly many: number;
  readonly pairs: number;
  readonly inFlight: number;
  readonly contentChars: number;
  readonly repeats: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

export interface NodesReport {
  readonly machine: Machine;
  readonly startedAt: string;
  readonly options: NodesOptions;
  readonly systemMicros: Readonly<Record<number, Spread>>;
  readonly deliveredPerSecond: Readonly<Record<number, Spread>>;
  /** Medians of CPU per message, many over few; undefined without a run of each that counts. */
  readonly ratio: number | undefined;
}

/** Warren with few and with many servers, in turn. */
export async function runNodes(options: NodesOptions, say: (line: string) => void): Promise<NodesReport> {
  const startedAt = new Date().toISOString();
  const { few, many, inFlight, pairs, contentChars, seconds, warmUpSeconds } = options;
  const micros: Record<number, number[]> = { [few]: [], [many]: [] };
  const rates: Record<number, number[]> = { [few]: [], [many]: [] };
  for (const nodes of interleave([few, many], options.repeats).flat()) {
    const shape = { pairs, contentChars, seconds, warmUpSeconds, traffic: { kind: 'closed', inFlight } } as const;
    const measurement = await withArm(WARREN_ARM, { nodes }, (running) => running.measure(shape));
    const reason = whyVoid(measurement);
    const { deliveredPerSecond, systemMicros, neighbours } = measurement;
    say(
      `${nodes} servers  ${Math.round(deliveredPerSecond)}/s  ${systemMicros.toFixed(1)} µs  others ${Math.round(neighbours * 100)} %${reason === undefined ? '' : `  VOID: ${reason}`}`,
    );
    if (reason !== undefined) continue;
    micros[nodes]?.push(systemMicros);
    rates[nodes]?.push(deliveredPerSecond);
  }
  const systemMicros = spreads(micros);
  const [a, b] = [systemMicros[few], systemMicros[many]];
  const ratio = a === undefined || b === undefined ? undefined : b.median / a.median;
  return { machine: describeMachine(), startedAt, options, systemMicros, deliveredPerSecond: spreads(rates), ratio };
}

function spreads(values: Readonly<Record<number, readonly number[]>>): Readonly<Record<number, Spread>> {
  const counted = Object.entries(values).filter(([, list]) => list.length > 0);
  return Object.fromEntries(counted.map(([nodes, list]) => [nodes, spreadOf(list)]));
}
