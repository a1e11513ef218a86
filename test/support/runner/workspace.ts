import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { claimPidFile, isAlive, pidFile, readPidFile } from '../../../scripts/cluster/pid-file.js';
import { stopRecorded } from '../../../scripts/cluster/stop-recorded.js';

const RUNNER = 'runner';

/** A folder for this run's services; those of runs that were killed are stopped and removed first. */
export async function openWorkspace(base: string): Promise<string> {
  mkdirSync(base, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(base)) {
    if (!name.startsWith('run-')) continue;
    const folder = join(base, name);
    const owner = readPidFile(pidFile(join(folder, 'run'), RUNNER));
    if (owner === undefined || !isAlive(owner)) await removeWorkspace(folder);
  }
  const own = resolve(base, `run-${process.pid}`);
  claimPidFile(pidFile(join(own, 'run'), RUNNER));
  return own;
}

export async function removeWorkspace(folder: string): Promise<void> {
  rmSync(pidFile(join(folder, 'run'), RUNNER), { force: true });
  await stopRecorded(join(folder, 'run'), () => undefined);
  rmSync(folder, { recursive: true, force: true });
}
