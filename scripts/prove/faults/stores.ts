import Sqlite from 'better-sqlite3';
import { until, wait, type FaultKind, type FaultTools } from './fault.js';

const LOCKED_MS = 10_000;
const LOCKED_LONG_MS = 60_000;
const DOWN_MS = 3_000;

/** Another program holds the write lock of the message store: every write fails when its patience ends. */
async function lockMessages({ arena }: FaultTools, forMs: number): Promise<string> {
  const { messages } = arena.cluster.backing.urls;
  const database = new Sqlite(messages.replace(/^sqlite:/, ''), { timeout: 5_000 });
  try {
    await untilLocked(database);
    await wait(forMs);
    database.exec('rollback');
  } finally {
    database.close();
  }
  return `writes refused, ${forMs / 1_000} s`;
}

/** The archiver may be in the middle of a write. */
function untilLocked(database: InstanceType<typeof Sqlite>): Promise<void> {
  const lock = (): Promise<boolean> => {
    try {
      database.exec('begin exclusive');
      return Promise.resolve(true);
    } catch {
      return Promise.resolve(false);
    }
  };
  return until('the lock of the message store', lock, 20_000);
}

/** People and channels: the members of a channel cannot be looked up. */
async function killPeople({ arena }: FaultTools): Promise<string> {
  const child = arena.cluster.process('mariadb');
  child.kill('SIGKILL');
  await child.ended();
  await wait(DOWN_MS);
  await child.start();
  await until('the database being healthy', () => arena.cluster.backing.mariadb?.healthy() ?? Promise.resolve(false));
  return 'mariadb';
}

export const STORE_FAULTS: readonly FaultKind[] = [
  { name: 'store-writes-fail', lane: 'dependency', weight: 1, short: true, run: (tools) => lockMessages(tools, LOCKED_MS) },
  { name: 'store-writes-fail-60', lane: 'dependency', weight: 0.2, short: false, run: (tools) => lockMessages(tools, LOCKED_LONG_MS) },
  { name: 'people-down', lane: 'dependency', weight: 1, short: true, run: killPeople },
];
