import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { logSize, openLog, readBytes } from './log-file.js';

const FOLLOW_MS = 100;
/** What a supervisor in the background tells the terminal that waits for it. */
const READY = 'ready';

/** Runs this program again in the background with the arguments, shows what it writes, and returns its exit code or 0 once it is up. */
export function detach(args: readonly string[], folder: string): Promise<number> {
  const path = join(folder, 'logs', 'supervisor.log');
  const log = openLog(path);
  let shown = logSize(path);
  const show = (): void => {
    const size = logSize(path);
    if (size > shown) process.stdout.write(readBytes(path, shown, size - shown));
    shown = size;
  };
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...args], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const follow = setInterval(show, FOLLOW_MS);
  return new Promise((resolve) => {
    const finish = (code: number): void => {
      clearInterval(follow);
      show();
      resolve(code);
    };
    child.once('exit', (code) => finish(code ?? 1));
    child.once('message', () => {
      child.removeAllListeners('exit');
      child.disconnect();
      child.unref();
      finish(0);
    });
  });
}

/** For the program in the background: the terminal may go. */
export function tellReady(): void {
  if (process.send === undefined) return;
  process.once('disconnect', () => undefined);
  process.send(READY);
}
