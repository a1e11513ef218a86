import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of process trees, from the operating system's accounting (proc(5): utime, stime and those of reaped children). */
export interface CpuTime {
  readonly userMs: number;
  readonly systemMs: number;
}

const TICK_MS = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly userTicks: number;
  readonly systemTicks: number;
}

/** The summed CPU time of a process and all its living descendants. */
export function cpuOfTree(root: number): CpuTime {
  const stats = readStats();
  const members = new Set([root]);
  for (let grown = true; grown;) {
    const before = members.size;
    for (const stat of stats) if (members.has(stat.parent)) members.add(stat.pid);
    grown = members.size > before;
  }
  const mine = stats.filter((stat) => members.has(stat.pid));
  const sum = (pick: (stat: Stat) => number): number => mine.reduce((total, stat) => total + pick(stat), 0) * TICK_MS;
  return { userMs: sum((stat) => stat.userTicks), systemMs: sum((stat) => stat.systemTicks) };
}

/** Milliseconds that each part took between two readings. */
export function usedByPart(before: ReadonlyMap<string, CpuTime>, after: ReadonlyMap<string, CpuTime>): Map<string, number> {
  const total = (time: CpuTime | undefined): number => (time === undefined ? 0 : time.userMs + time.systemMs);
  return new Map([...after].map(([part, now]) => [part, total(now) - total(before.get(part))]));
}

function readStats(): Stat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)));
}

/** A process may end between the listing and the reading. */
function readStat(pid: number): Stat[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const field = (n: number): number => Number(fields[n - 3]);
    return [{ pid, parent: field(4), userTicks: field(14) + field(16), systemTicks: field(15) + field(17) }];
  } catch {
    return [];
  }
}
