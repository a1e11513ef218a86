import type { Arm, ArmOptions, RunningArm } from './arm.js';

const running = new Set<RunningArm>();

/** Starts the arm, lets `work` use it, and stops it whatever happens. */
export async function withArm<Running extends RunningArm, T>(
  arm: Arm<Running>,
  options: ArmOptions,
  work: (running: Running) => Promise<T>,
): Promise<T> {
  const started = await arm.start(options);
  running.add(started);
  try {
    return await work(started);
  } finally {
    running.delete(started);
    await started.stop();
  }
}

/** Ctrl-C leaves nothing behind: processes of the arms are in groups of their own, and would stay. */
export function stopArmsOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void Promise.all([...running].map((arm) => arm.stop())).finally(() => process.exit(130)));
}
