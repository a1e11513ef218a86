import type { Arm, ArmName, RunningChat } from '../arms/arm.js';
import { withArm } from '../arms/with-arm.js';
import { usedByPart } from '../cluster/cpu.js';
import { describeMachine, machineBusyMs, type Machine } from '../cluster/machine.js';
import { interleave, spreadOf, type Spread } from '../compare/statistics.js';
import { LOAD_BUSY_LIMIT } from '../compare/void.js';
import { Holder } from '../holders/holder.js';
import type { DialectName, LoadUser } from '../load/protocol.js';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** Until the servers are done with those who left. */
const LEAVING_MS = 300;

export interface ConnectOptions {
  /** Servers of Warren and of Socket.IO, to which people connect in turn; plain ws is one process. */
  readonly nodes: number;
  /** People of a round; all of them leave before the next. */
  readonly connections: number;
  /** Rounds before, so that code is compiled and processes have the memory that they take. */
  readonly warmUpRounds: number;
  readonly rounds: number;
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
  const { connections, warmUpRounds, rounds, holders: count } = options;
  const { users } = await running.people(connections, connections + 1);
  const crowd = new Comers(users, { dialect: running.dialect, count, atOnce: options.atOnce });
  try {
    for (let round = 0; round < warmUpRounds; round++) {
      await crowd.come();
      await crowd.leave();
    }
    const counted: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      const [cpuBefore, machineBefore, began] = [running.cpu(), machineBusyMs(), performance.now()];
      const loadMs = await crowd.come();
      const seconds = (performance.now() - began) / 1000;
      counted.push({ seconds, loadMs, cpuMs: usedByPart(cpuBefore, running.cpu()), machineMs: machineBusyMs() - machineBefore });
      await crowd.leave();
    }
    return { arm, ...addUp(counted, connections) };
  } finally {
    crowd.end();
  }
}

/** What a round took; `loadMs` by process that connects. */
interface Round {
  readonly seconds: number;
  readonly loadMs: readonly number[];
  readonly cpuMs: ReadonlyMap<string, number>;
  readonly machineMs: number;
}

function addUp(rounds: readonly Round[], connections: number): Omit<ConnectRun, 'arm'> {
  const people = rounds.length * connections;
  const sum = (of: (round: Round) => number): number => total(rounds.map(of));
  const parts = [...new Set(rounds.flatMap(({ cpuMs }) => [...cpuMs.keys()]))];
  const seconds = sum((round) => round.seconds);
  const systemMs = sum(({ cpuMs }) => total([...cpuMs.values()]));
  const allLoadMs = sum(({ loadMs }) => total(loadMs));
  const loadBusy = Math.max(...(rounds[0]?.loadMs ?? []).map((_, n) => sum(({ loadMs }) => loadMs[n] ?? 0))) / 1000 / seconds;
  return {
    perSecond: people / seconds,
    systemMicros: (systemMs * 1000) / people,
    cpuMicros: Object.fromEntries(parts.map((part) => [part, (sum(({ cpuMs }) => cpuMs.get(part) ?? 0) * 1000) / people])),
    loadMicros: (allLoadMs * 1000) / people,
    loadBusy,
    neighbours: Math.max(0, (sum((round) => round.machineMs) - systemMs - allLoadMs) / 1000 / seconds / cpus().length),
    void: loadBusy > LOAD_BUSY_LIMIT ? `those who connect were busy for ${Math.round(loadBusy * 100)} % of the time` : undefined,
  };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** People who come all at once, and go; in several processes. */
class Comers {
  readonly #holders: readonly Holder[];
  readonly #openings: readonly Parameters<Holder['open']>[0][];

  constructor(users: readonly LoadUser[], options: { readonly dialect: DialectName; readonly count: number; readonly atOnce: number }) {
    const { dialect, count, atOnce } = options;
    this.#holders = Array.from({ length: count }, () => new Holder());
    this.#openings = this.#holders.map((_, n) => ({
      dialect,
      atOnce,
      users: users.slice(Math.floor((n * users.length) / count), Math.floor(((n + 1) * users.length) / count)),
    }));
  }

  /** CPU milliseconds of each process. */
  come(): Promise<number[]> {
    return Promise.all(this.#holders.map((holder, n) => holder.open(this.#openings[n] as Parameters<Holder['open']>[0])));
  }

  async leave(): Promise<void> {
    await Promise.all(this.#holders.map((holder) => holder.leave()));
    await pause(LEAVING_MS);
  }

  end(): void {
    for (const holder of this.#holders) holder.end();
  }
}
