import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromLoad, LoadPlan, LoadResult } from './protocol.js';

/** Forks the load generator and calls back at both ends of the measured time, to read what belongs to it. */
export function runLoad(plan: LoadPlan, on: { readonly measuring: () => void; readonly measured: () => void }): Promise<LoadResult> {
  const child = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  child.send(plan);
  return new Promise((resolve, reject) => {
    const take = (message: FromLoad): void => {
      if (message.type === 'measuring') on.measuring();
      else if (message.type === 'measured') on.measured();
      else resolve(message.result);
    };
    child.on('message', (message: FromLoad) => {
      // What cannot be read must not end the process: the systems under test would go on without it.
      try {
        take(message);
      } catch (error) {
        child.kill();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    child.on('exit', (code) => reject(new Error(`load generator ended with ${code ?? 'a signal'}`)));
  });
}
