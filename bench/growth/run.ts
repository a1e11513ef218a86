import { WARREN_ARM } from '../arms/warren-arm.js';
import { withArm } from '../arms/with-arm.js';
import { describeMachine, type Machine } from '../cluster/machine.js';
import { Seed } from '../cluster/seed.js';
import { interleave, spreadOf, type Spread } from '../compare/statistics.js';
import { whyVoid } from '../compare/void.js';
import { printParts } from '../report/cpu-parts.js';
import { timeHistory, type HistoryOptions, type HistoryTimes } from './history.js';

export interface GrowthOptions {
  /** Channels, and as many users. */
  readonly few: number;
  readonly many: number;
  /** Pairs that are connected and go round all channels. */
  readonly pairs: number;
  readonly inFlight: number;
  readonly repeats: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly history: HistoryOptions;
}

export interface GrowthReport {
  readonly machine: Machine;
  readonly startedAt: string;
  readonly options: GrowthOptions;
  readonly fewMicros: Spread | undefined;
  readonly manyMicros: Spread | undefined;
  readonly history: HistoryTimes;
}

type Say = (line: string) => void;

/** The same traffic through a small and a large population, in turn; then pages of a short and a long conversation. */
export async function runGrowth(options: GrowthOptions, say: Say): Promise<GrowthReport> {
  const startedAt = new Date().toISOString();
  const micros = new Map<number, number[]>([
    [options.few, []],
    [options.many, []],
  ]);
  for (const channels of interleave([options.few, options.many], options.repeats).flat()) {
    const value = await measureWith(channels, { options, say });
    if (value !== undefined) micros.get(channels)?.push(value);
  }
  const history = await withArm(WARREN_ARM, { nodes: 1 }, (running) => timeHistory(running, options.history));
  const spread = (channels: number): Spread | undefined => {
    const values = micros.get(channels) ?? [];
    return values.length === 0 ? undefined : spreadOf(values);
  };
  return { machine: describeMachine(), startedAt, options, fewMicros: spread(options.few), manyMicros: spread(options.many), history };
}

async function measureWith(
  channels: number,
  { options, say }: { readonly options: GrowthOptions; readonly say: Say },
): Promise<number | undefined> {
  const { pairs, inFlight, seconds, warmUpSeconds } = options;
  const measurement = await withArm(WARREN_ARM, { nodes: 2 }, async (running) => {
    const seed = Seed.of(running.cluster);
    await seed.users(Math.max(0, channels - 2 * pairs));
    await seed.close();
    const traffic = { kind: 'closed', inFlight } as const;
    return running.measure({
      pairs,
      channelsPerPair: Math.max(1, Math.round(channels / pairs)),
      contentChars: 100,
      traffic,
      seconds,
      warmUpSeconds,
    });
  });
  const reason = whyVoid(measurement);
  const { deliveredPerSecond, systemMicros, cpuMicros, loadMicros, neighbours } = measurement;
  say(
    `${channels} channels and users  ${Math.round(deliveredPerSecond)}/s  ${systemMicros.toFixed(1)} µs (${printParts(cpuMicros)}), load generator ${loadMicros.toFixed(1)}  others ${Math.round(neighbours * 100)} %${reason === undefined ? '' : `  VOID: ${reason}`}`,
  );
  return reason === undefined ? systemMicros : undefined;
}
