import type { Arm, ArmName, RunningChat } from '../arms/arm.js';
import { withArm } from '../arms/with-arm.js';
import { usedByPart } from '../cluster/cpu.js';
import { describeMachine, machineBusyMs, type Machine } from '../cluster/machine.js';
import { interleave, spreadOf, type Spread } from '../compare/statistics.js';
import { LOAD_BUSY_LIMIT } from '../compare/void.js';
import { Holder } from '../holders/holder.js';
import { cpus } from 'node:os';

export interface ConnectOptions {
  /** Servers of Warren and of Socket.IO, to which people connect in turn; plain ws is one process. */
  readonly nodes: number;
  readonly connections: number;
  /** Connections of each round before, which all end but for the last round's, so that the code is compiled. */
  readonly warmUp: number;
  readonly warmUpRounds: number;
  /** Processes that connect. */
  readonly holders: number;
  /** Handshakes under way in each. */
  readonly atOnce: number;
  readonly repeats: number;
}

export interface ConnectRun {
  readonly arm: ArmName;
  readonly perSecond: number;
  /** CPU of the whole system without those who connect. */
  readonly systemMicros: number;
  /** The same by part of the system. */
  readonly cpuMicros: Readonly<Record<string, number>>;
  readonly loadMicros: number;
  /** The busiest of those who connect, of 1. */
  readonly loadBusy: number;
  readonly neighbours: number;
  readonly void: string | undefined;
}

export interface ConnectReport {
  readonly machine: Machine;
  readonly startedAt: string;
  readonly options: ConnectOptions;
  readonly runs: readonly ConnectRun[];
  readonly arms: readonly { readonly arm: ArmName; readonly perSecond: Spread; readonly systemMicros: Spread }[];
}

/** Each arm in turn: how many people per second are let in and ready. */
export async function runConnect(
  arms: readonly Arm<RunningChat>[],
  options: ConnectOptions,
  onRun: (run: ConnectRun) => void,
): Promise<ConnectReport> {
  const startedAt = new Date().toISOString();
  const runs: ConnectRun[] = [];
  for (const arm of interleave(arms, options.repeats).flat()) {
    const run = await withArm(arm, { nodes: options.nodes }, (running) => rush(running, { arm: arm.name, options }));
    runs.push(run);
    onRun(run);
  }
  const summaries = arms.flatMap(({ name }) => {
    const counted = runs.filter((run) => run.arm === name && run.void === undefined);
    if (counted.length === 0) return [];
    return [
      {
        arm: name,
        perSecond: spreadOf(counted.map((run) => run.perSecond)),
        systemMicros: spreadOf(counted.map((run) => run.systemMicros)),
      },
    ];
  });
  return { machine: describeMachine(), startedAt, options, runs, arms: summaries };
}

async function rush(
  running: RunningChat,
  { arm, options }: { readonly arm: ArmName; readonly options: ConnectOptions },
): Promise<ConnectRun> {
  const { connections, warmUp, warmUpRounds, holders: count, atOnce } = options;
  const { users } = await running.people(connections + warmUp, connections + warmUp + 1);
  const holders = Array.from({ length: count }, () => new Holder());
  const share = (from: number, all: number) => (_: Holder, n: number) =>
    users.slice(from + Math.floor((n * all) / count), from + Math.floor(((n + 1) * all) / count));
  const open = (from: number, all: number): Promise<number[]> =>
    Promise.all(holders.map((holder, n) => holder.open({ dialect: running.dialect, users: share(from, all)(holder, n), atOnce })));
  try {
    for (let round = 1; round < warmUpRounds; round++) {
      await open(0, warmUp);
      await Promise.all(holders.map((holder) => holder.leave()));
    }
    await open(0, warmUp);
    const [cpuBefore, machineBefore, began] = [running.cpu(), machineBusyMs(), performance.now()];
    const loadMs = await open(warmUp, connections);
    const seconds = (performance.now() - began) / 1000;
    const [used, machineMs] = [usedByPart(cpuBefore, running.cpu()), machineBusyMs() - machineBefore];
    const systemMs = [...used.values()].reduce((sum, ms) => sum + ms, 0);
    const allLoadMs = loadMs.reduce((sum, ms) => sum + ms, 0);
    const loadBusy = Math.max(...loadMs) / 1000 / seconds;
    return {
      arm,
      perSecond: connections / seconds,
      systemMicros: (systemMs * 1000) / connections,
      cpuMicros: Object.fromEntries([...used].map(([part, ms]) => [part, (ms * 1000) / connections])),
      loadMicros: (allLoadMs * 1000) / connections,
      loadBusy,
      neighbours: Math.max(0, (machineMs - systemMs - allLoadMs) / 1000 / seconds / cpus().length),
      void: loadBusy > LOAD_BUSY_LIMIT ? `those who connect were busy for ${Math.round(loadBusy * 100)} % of the time` : undefined,
    };
  } finally {
    for (const holder of holders) holder.end();
  }
}
