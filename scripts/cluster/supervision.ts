import { setTimeout as delay } from 'node:timers/promises';
import { describeExit, type ManagedProcess, type ProcessExit } from './managed-process.js';
import type { Report } from './report.js';

const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 10_000;
/** Who has run for this long is treated as healthy again: its next crash starts with the short pause. */
const STEADY_MS = 60_000;

/** How long to wait before the n-th start in a row, n from 0: 0.5 s, 1 s, 2 s … 10 s. */
export function restartPauseMs(attempt: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** attempt, LAST_PAUSE_MS);
}

/** Starts the process again whenever it ends by itself, with growing pauses, and says so. `stop` ends that. */
export function keepAlive(child: ManagedProcess, options: { readonly report: Report; readonly signal: AbortSignal }): void {
  let attempt = 0;
  let readySince = performance.now();
  child.onCrash = (exit) => {
    if (performance.now() - readySince > STEADY_MS) attempt = 0;
    void revive(exit);
  };
  const sayStopped = (): void => options.report(`${child.name} stays down: it has been stopped`);
  const revive = async (exit: ProcessExit): Promise<void> => {
    let reason = describeExit(exit);
    while (child.wanted && !options.signal.aborted) {
      const pause = restartPauseMs(attempt++);
      options.report(`${child.name} ended (${reason}); starting it again in ${pause / 1000} s. Log: ${child.logPath}`);
      await delay(pause, undefined, { signal: options.signal }).catch(() => undefined);
      if (isUnwanted(child, options.signal)) {
        sayStopped();
        return;
      }
      try {
        await child.start();
        readySince = performance.now();
        options.report(`${child.name} is back, process ${child.pid ?? 'unknown'}`);
        return;
      } catch (error) {
        // It ended because of that, and not for a reason that somebody should look for.
        if (isUnwanted(child, options.signal)) {
          sayStopped();
          return;
        }
        reason = 'it did not become ready';
        options.report(error instanceof Error ? error.message : String(error));
      }
    }
  };
}

/** A stop may have been asked for during the pause, or while it started. */
function isUnwanted(child: ManagedProcess, signal: AbortSignal): boolean {
  return !child.wanted || signal.aborted;
}
