import { join } from 'node:path';
import { endOnSignals } from '../../scripts/cluster/end-on-signals.js';
import { checkoutRoot, warrenFolder } from '../../scripts/cluster/options.js';
import { claimPidFile, forgetProcess, pidFile } from '../../scripts/cluster/pid-file.js';
import type { Arm, ArmOptions, RunningArm } from './arm.js';

const LOCK = 'bench';
const running = new Set<RunningArm>();

/** Starts the arm, lets `work` use it, and stops it whatever happens. @throws Error when another bench uses the folder. */
export async function withArm<Running extends RunningArm, T>(
  arm: Arm<Running>,
  options: Pick<ArmOptions, 'nodes'> & Partial<ArmOptions>,
  work: (running: Running) => Promise<T>,
): Promise<T> {
  const folder = options.folder ?? join(warrenFolder(checkoutRoot()), 'bench');
  if (!claimPidFile(pidFile(folder, LOCK))) throw new Error(`another bench is running with its data in ${folder}`);
  try {
    const started = await arm.start({ runtime: 'dist', ...options, folder });
    running.add(started);
    try {
      return await work(started);
    } finally {
      running.delete(started);
      await started.stop();
    }
  } finally {
    forgetProcess(folder, LOCK);
  }
}

/** Ctrl-C leaves nothing behind: processes of the arms are in groups of their own, and would stay. */
export function stopArmsOnSignals(): void {
  endOnSignals(() => Promise.all([...running].map((arm) => arm.stop())));
}
