import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutRoot, warrenFolder } from './cluster/options.js';
import { forgetProcess, gone, isAlive, pidFile, readPidFile, signal } from './cluster/pid-file.js';
import { leftovers, stopRecorded, SUPERVISOR } from './cluster/stop-recorded.js';

// The command behind scripts/stop-cluster.sh: asks the supervisor to stop, and cleans up after one that was killed.

const folder = warrenFolder(checkoutRoot());
const run = join(folder, 'run');
const SUPERVISOR_STOP_MS = 90_000;
const KILL_MS = 5000;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Whether there was one. */
async function stopSupervisor(): Promise<boolean> {
  const supervisor = readPidFile(pidFile(run, SUPERVISOR));
  if (supervisor === undefined || !isAlive(supervisor)) return false;
  print('Stopping: draining the chat servers, then the rest.');
  signal(supervisor.pid, 'SIGTERM');
  if (!(await gone(supervisor, SUPERVISOR_STOP_MS))) {
    print(`The supervisor (process ${supervisor.pid}) did not end within ${SUPERVISOR_STOP_MS / 1000} s; ending it.`);
    signal(supervisor.pid, 'SIGKILL');
    await gone(supervisor, KILL_MS);
  }
  return true;
}

const ran = await stopSupervisor();
const left = leftovers(run);
await stopRecorded(run, print);
forgetProcess(run, SUPERVISOR);
rmSync(join(run, 'table.txt'), { force: true });
print(ran || left.length > 0 ? `Stopped. The data stays in ${join(folder, 'data')}.` : 'No cluster runs here.');
