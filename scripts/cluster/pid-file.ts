import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A process that was started here, so that it can be stopped by somebody else later: `stop-cluster.sh`, or the next
 * start after the supervisor was killed. The start time guards against a number that has been given to another process.
 */
export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  /** Field 22 of /proc/<pid>/stat: clock ticks since boot. */
  readonly startTime: string;
}

const SUFFIX = '.pid';
const POLL_MS = 50;

export function pidFile(folder: string, name: string): string {
  return join(folder, `${name}${SUFFIX}`);
}

/** Start time of a live process (zombies do not count), undefined when there is no such process. */
export function processStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command, in parentheses, may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Writes the process down; false when the process has ended already. */
export function recordProcess(path: string, pid: number): boolean {
  const startTime = processStartTime(pid);
  if (startTime === undefined) return false;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${pid} ${startTime}\n`, { mode: 0o600 });
  return true;
}

/** Takes the place of the one supervisor: false when a live process holds it. */
export function claimPidFile(path: string): boolean {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const mine = `${process.pid} ${processStartTime(process.pid) ?? '0'}\n`;
  for (;;) {
    try {
      writeFileSync(path, mine, { mode: 0o600, flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readPidFile(path);
    if (holder !== undefined && isAlive(holder)) return false;
    rmSync(path, { force: true });
  }
}

/** The record, whether its process lives or not; undefined when there is no readable file. */
export function readPidFile(path: string): ProcessRecord | undefined {
  try {
    const match = /^(\d+) (\d+)\n$/.exec(readFileSync(path, 'utf8'));
    if (match === null) return undefined;
    return { name: basename(path, SUFFIX), pid: Number(match[1]), startTime: match[2] as string };
  } catch {
    return undefined;
  }
}

export function isAlive(record: ProcessRecord): boolean {
  return processStartTime(record.pid) === record.startTime;
}

/** Every live process that the folder's files name. */
export function liveProcesses(folder: string): readonly ProcessRecord[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(SUFFIX));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const record = readPidFile(join(folder, name));
    return record !== undefined && isAlive(record) ? [record] : [];
  });
}

export function forgetProcess(folder: string, name: string): void {
  rmSync(pidFile(folder, name), { force: true });
}

/** SIGTERM, then SIGKILL to its whole group when it has not ended within the time. Never touches a reused number. */
export async function endProcess(record: ProcessRecord, withinMs: number): Promise<void> {
  if (!isAlive(record)) return;
  signal(record.pid, 'SIGCONT');
  signal(record.pid, 'SIGTERM');
  if (await gone(record, withinMs)) return;
  signalGroup(record.pid, 'SIGKILL');
  await gone(record, withinMs);
}

/** Whether the process has ended within the time. */
export async function gone(record: ProcessRecord, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (isAlive(record)) {
    if (performance.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** Sends the signal; a process that is gone already is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Children are started as leaders of a group of their own, so that nothing they start outlives them. */
export function signalGroup(pid: number, name: NodeJS.Signals): void {
  signal(-pid, name);
}
