import Sqlite from 'better-sqlite3';
import { Redis } from 'ioredis';
import { WARREN_ARM } from '../arms/warren-arm.js';
import { withArm } from '../arms/with-arm.js';
import { describeMachine, type Machine } from '../cluster/machine.js';

export interface FootprintReport {
  readonly machine: Machine;
  readonly startedAt: string;
  readonly messages: number;
  readonly contentChars: number;
  /** Per message, its text included. */
  readonly storedBytes: number;
  readonly redisBytes: number;
}

const CHARS = 100;

/** What a message takes in the embedded store and in Redis, where no channel has more of them than a window keeps. */
export function runFootprint({ seconds, rate }: { readonly seconds: number; readonly rate: number }): Promise<FootprintReport> {
  const startedAt = new Date().toISOString();
  return withArm(WARREN_ARM, { nodes: 2 }, async (running) => {
    const { redis: redisUrl, messages: messagesUrl } = running.cluster.backing.urls;
    const redis = new Redis(redisUrl);
    const read = async (): Promise<Footprint> => ({
      stored: running.storedMessages() ?? 0,
      file: sizeOf(messagesUrl.replace(/^sqlite:/, '')),
      redis: Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1] ?? 0),
    });
    const before = await read();
    const traffic = { kind: 'open', perSecond: rate } as const;
    const { sentInAll } = await running.measure({
      pairs: 100,
      channelsPerPair: 20,
      contentChars: CHARS,
      traffic,
      seconds,
      warmUpSeconds: 1,
    });
    const after = await read();
    redis.disconnect();
    return {
      machine: describeMachine(),
      startedAt,
      messages: sentInAll,
      contentChars: CHARS,
      storedBytes: (after.file - before.file) / (after.stored - before.stored),
      redisBytes: (after.redis - before.redis) / sentInAll,
    };
  });
}

interface Footprint {
  readonly stored: number;
  readonly file: number;
  readonly redis: number;
}

/** With what is still in the write-ahead log. */
function sizeOf(file: string): number {
  const database = new Sqlite(file, { readonly: true });
  const pages = database.pragma('page_count', { simple: true }) as number;
  const bytes = database.pragma('page_size', { simple: true }) as number;
  database.close();
  return pages * bytes;
}
