import { setTimeout as pause } from 'node:timers/promises';
import type { Arm, ArmName, RunningChat } from '../arms/arm.js';
import { withArm } from '../arms/with-arm.js';
import { describeMachine, type Machine } from '../cluster/machine.js';
import { kernelBytes } from '../cluster/memory.js';
import { interleave, spreadOf, type Spread } from '../compare/statistics.js';
import { assertWhole, Population } from '../holders/population.js';
import { slopeOf } from './slope.js';

export interface MemoryOptions {
  /** Connections at which memory is read, ascending. */
  readonly steps: readonly number[];
  readonly repeats: number;
  readonly settleSeconds: number;
}

export interface MemoryPoint {
  readonly connections: number;
  readonly serverBytes: number;
  readonly kernelBytes: number;
}

export interface ArmMemory {
  readonly arm: ArmName;
  readonly runs: readonly (readonly MemoryPoint[])[];
  /** Bytes that one more connection takes in the server process. */
  readonly perConnection: Spread;
  /** The kernel's share of one end of a connection: both ends are on this machine, so half of what it grows by. */
  readonly kernelPerConnection: Spread;
}

export interface MemoryReport {
  readonly machine: Machine;
  readonly startedAt: string;
  readonly options: MemoryOptions;
  readonly arms: readonly ArmMemory[];
}

type Say = (line: string) => void;

/** One server of each arm, in turn: more and more authenticated people, each of whom has got a message at every step. */
export async function runMemory(arms: readonly Arm<RunningChat>[], options: MemoryOptions, say: Say): Promise<MemoryReport> {
  const startedAt = new Date().toISOString();
  const runs = new Map<ArmName, (readonly MemoryPoint[])[]>(arms.map(({ name }) => [name, []]));
  for (const arm of interleave(arms, options.repeats).flat())
    runs.get(arm.name)?.push(await withArm(arm, { nodes: 1 }, (running) => fill(running, { name: arm.name, options, say })));
  return { machine: describeMachine(), startedAt, options, arms: arms.map(({ name }) => summarise(name, runs.get(name) ?? [])) };
}

interface Context {
  readonly name: ArmName;
  readonly options: MemoryOptions;
  readonly say: Say;
}

async function fill(running: RunningChat, { name, options, say }: Context): Promise<readonly MemoryPoint[]> {
  const population = new Population(running, 2);
  const points: MemoryPoint[] = [];
  try {
    for (const connections of options.steps) {
      await population.grow(connections - population.size);
      assertWhole(await population.talk());
      await pause(options.settleSeconds * 1000);
      const point = { connections, serverBytes: running.serverBytes(), kernelBytes: kernelBytes() };
      points.push(point);
      say(
        `${name.padEnd(17)} ${String(connections).padStart(6)} connections  ${megabytes(point.serverBytes)} MB resident  kernel ${megabytes(point.kernelBytes)} MB`,
      );
    }
  } finally {
    population.end();
  }
  return points;
}

function summarise(arm: ArmName, runs: readonly (readonly MemoryPoint[])[]): ArmMemory {
  const slopes = (pick: (point: MemoryPoint) => number): Spread =>
    spreadOf(runs.map((points) => slopeOf(points.map((point) => ({ x: point.connections, y: pick(point) })))));
  return { arm, runs, perConnection: slopes((point) => point.serverBytes), kernelPerConnection: slopes((point) => point.kernelBytes / 2) };
}

function megabytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(1);
}
