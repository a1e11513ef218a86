import { endProcess, forgetProcess, liveProcesses, type ProcessRecord } from './pid-file.js';

export const SUPERVISOR = 'supervisor';
/** Stopped after the processes that need them. */
const SERVICES = ['gateway', 'rabbitmq', 'redis', 'mariadb', 'mongodb'];
/** The broker's name daemon: stopped last. */
const NAME_DAEMON = 'epmd';
const STOP_MS = 20_000;

/** What a supervisor that was killed has left running. */
export function leftovers(runFolder: string): readonly ProcessRecord[] {
  return liveProcesses(runFolder).filter(({ name }) => name !== SUPERVISOR);
}

/** Ends what the folder's pid files name: first the cluster's own processes, then the services. */
export async function stopRecorded(runFolder: string, report: (text: string) => void): Promise<void> {
  const records = leftovers(runFolder);
  const rank = ({ name }: ProcessRecord): number => (name === NAME_DAEMON ? 2 : SERVICES.includes(name) ? 1 : 0);
  for (const turn of [0, 1, 2]) {
    const group = records.filter((record) => rank(record) === turn);
    await Promise.all(
      group.map(async (record) => {
        await endProcess(record, STOP_MS);
        forgetProcess(runFolder, record.name);
        report(`  stopped ${record.name} (process ${record.pid}), left behind by a supervisor that was killed`);
      }),
    );
  }
}
