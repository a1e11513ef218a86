import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import type { Cluster } from '../../scripts/cluster/cluster.js';
import { cpuByPart, startBenchCluster } from '../cluster/bench-cluster.js';
import type { CpuTime } from '../cluster/cpu.js';
import { residentBytes } from '../cluster/memory.js';
import { Seed, type SeededUser } from '../cluster/seed.js';
import type { LoadPair } from '../load/protocol.js';
import { runLoad } from '../load/run-load.js';
import type { Arm, LoadShape, Measurement, People, RunningChat } from './arm.js';
import { groupIndexes } from './groups.js';
import { Meter } from './measure.js';

/** This project with every guarantee on: authentication, validation, dedupe, a quorum confirm before the ack, the recent window, archiving. */
export const WARREN_ARM: Arm<RunningWarren> = {
  name: 'warren',
  title: 'Warren, everything on',
  start: async (options) => new RunningWarren(await startBenchCluster(options)),
};

export class RunningWarren implements RunningChat {
  readonly dialect = 'warren';
  readonly #cluster: Cluster;
  readonly #countStored: (() => number) | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#countStored = countStored(cluster);
  }

  get cluster(): Cluster {
    return this.#cluster;
  }

  async measure(shape: LoadShape): Promise<Measurement> {
    const { traffic, contentChars } = shape;
    const pairs = await seedPairs(this.#cluster, shape);
    const meter = new Meter({ cpu: () => this.cpu(), stored: this.#countStored });
    const times = { warmUpMs: shape.warmUpSeconds * 1000, measureMs: shape.seconds * 1000 };
    return meter.conclude(await runLoad({ dialect: 'warren', pairs, traffic, contentChars, ...times }, meter));
  }

  cpu(): ReadonlyMap<string, CpuTime> {
    return cpuByPart(this.#cluster);
  }

  /** Messages in the store; undefined where it cannot be asked. */
  storedMessages(): number | undefined {
    return this.#countStored?.();
  }

  serverBytes(): number {
    return residentBytes(this.#cluster.processes.filter((child) => /^server\d+$/.test(child.name)));
  }

  async people(count: number, channelSize: number): Promise<People> {
    const seed = Seed.of(this.#cluster);
    const users = await seed.users(count);
    const groups = groupIndexes(count, channelSize);
    const ids = await seed.channels(groups.map((members) => members.map((index) => users[index] as SeededUser)));
    await seed.close();
    const urlOf = serverUrls(this.#cluster);
    return {
      users: users.map((user, n) => ({ ...user, url: urlOf(n) })),
      channels: groups.map((members, n) => ({ id: ids[n] ?? '', members })),
    };
  }

  stop(): Promise<void> {
    return this.#cluster.stop();
  }
}

/** Pairs whose two ends sit on different servers. */
async function seedPairs(cluster: Cluster, { pairs, channelsPerPair = 1 }: LoadShape): Promise<readonly LoadPair[]> {
  const seed = Seed.of(cluster);
  const urlOf = serverUrls(cluster);
  const users = await seed.users(2 * pairs);
  const ends = Array.from({ length: pairs }, (_, n) => users.slice(2 * n, 2 * n + 2) as [SeededUser, SeededUser]);
  const channels = await seed.channels(ends.flatMap((pair) => Array.from({ length: channelsPerPair }, () => pair)));
  await seed.close();
  return ends.map(([sender, receiver], n) => ({
    channelIds: channels.slice(n * channelsPerPair, (n + 1) * channelsPerPair),
    sender: { ...sender, url: urlOf(n) },
    receiver: { ...receiver, url: urlOf(n + 1) },
  }));
}

function serverUrls({ layout: { servers } }: Cluster): (n: number) => string {
  return (n) => `ws://127.0.0.1:${servers[n % servers.length]?.port ?? 0}/ws`;
}

/** Rows are never deleted, so the newest row's number is their count; runs are counted on from the last one seen. Only the embedded store can be asked so cheaply. */
function countStored(cluster: Cluster): (() => number) | undefined {
  const { messages } = cluster.backing.urls;
  const file = messages.replace(/^sqlite:/, '');
  if (file === messages || !existsSync(file)) return undefined;
  // One connection for the whole run: opening one while all others write may fail.
  const db = new Sqlite(file, { readonly: true });
  const rows = db.prepare<[], { last: number | null }>('select max(rowid) as last from messages');
  const runs = db.prepare<[number], { last: number | null; messages: number | null }>(
    'select max(rowid) as last, sum(messages) as messages from runs where rowid > ?',
  );
  let last = 0;
  let inRuns = 0;
  return () => {
    const found = runs.get(last);
    last = found?.last ?? last;
    inRuns += found?.messages ?? 0;
    return (rows.get()?.last ?? 0) + inRuns;
  };
}
