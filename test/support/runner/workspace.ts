import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { claimPidFile, endProcess, isAlive, pidFile, readPidFile } from '../../../scripts/cluster/pid-file.js';
import { stopRecorded, SUPERVISOR } from '../../../scripts/cluster/stop-recorded.js';

const RUNNER = 'runner';
const SUPERVISOR_STOP_MS = 30_000;

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
  mkdirSync(temporaryFolder(own), { mode: 0o700 });
  return own;
}

/**
 * For the tests' own temporary folders, in which they start whole clusters: what a test that was killed could not stop is found there. Not inside the
 * workspace, because the path of a socket may not be long.
 */
export function temporaryFolder(workspace: string): string {
  return join(tmpdir(), `warren-test-${basename(workspace)}`);
}

export async function removeWorkspace(folder: string): Promise<void> {
  rmSync(pidFile(join(folder, 'run'), RUNNER), { force: true });
  for (const run of runFolders(temporaryFolder(folder))) await stopAll(run);
  await stopAll(join(folder, 'run'));
  for (const path of [temporaryFolder(folder), folder]) rmSync(path, { recursive: true, force: true });
}

/** A supervisor first: it would start its processes again. */
async function stopAll(runFolder: string): Promise<void> {
  const supervisor = readPidFile(pidFile(runFolder, SUPERVISOR));
  if (supervisor !== undefined && isAlive(supervisor)) await endProcess(supervisor, SUPERVISOR_STOP_MS);
  await stopRecorded(runFolder, () => undefined);
}

/** Folders with pid files. */
function runFolders(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return [...new Set(names.filter((name) => name.endsWith('.pid')).map((name) => join(folder, dirname(name))))];
}
