import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import type { Cluster } from '../../scripts/cluster/cluster.js';
import { cpuByPart, startBenchCluster } from '../cluster/bench-cluster.js';
import { Seed, type SeededUser } from '../cluster/seed.js';
import type { LoadPair } from '../load/protocol.js';
import { runLoad } from '../load/run-load.js';
import type { Arm, LoadShape, Measurement, RunningArm } from './arm.js';
import { Meter } from './measure.js';

/** This project with every guarantee on: authentication, validation, dedupe, a quorum confirm before the ack, the recent window, archiving. */
export const WARREN_ARM: Arm = {
  name: 'warren',
  title: 'Warren, everything on',
  start: async (options) => new RunningWarren(await startBenchCluster(options)),
};

export class RunningWarren implements RunningArm {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  get cluster(): Cluster {
    return this.#cluster;
  }

  async measure(shape: LoadShape): Promise<Measurement> {
    const { traffic, contentChars } = shape;
    const pairs = await seedPairs(this.#cluster, shape);
    const meter = new Meter({ cpu: () => cpuByPart(this.#cluster), stored: countStored(this.#cluster) });
    const times = { warmUpMs: shape.warmUpSeconds * 1000, measureMs: shape.seconds * 1000 };
    return meter.conclude(await runLoad({ dialect: 'warren', pairs, traffic, contentChars, ...times }, meter));
  }

  stop(): Promise<void> {
    return this.#cluster.stop();
  }
}

/** Pairs whose two ends sit on different servers. */
async function seedPairs(cluster: Cluster, { pairs, channelsPerPair = 1 }: LoadShape): Promise<readonly LoadPair[]> {
  const seed = Seed.of(cluster);
  const servers = cluster.layout.servers;
  const urlOf = (n: number): string => `ws://127.0.0.1:${servers[n % servers.length]?.port ?? 0}/ws`;
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

/** Rows are never deleted, so the newest row's number is their count. Only the embedded store can be asked so cheaply. */
function countStored(cluster: Cluster): (() => number) | undefined {
  const { messages } = cluster.backing.urls;
  const file = messages.replace(/^sqlite:/, '');
  if (file === messages || !existsSync(file)) return undefined;
  return () => {
    const database = new Sqlite(file, { readonly: true });
    const row = database.prepare<[], { last: number | null }>('select max(rowid) as last from messages').get();
    database.close();
    return row?.last ?? 0;
  };
}
