import { randomBytes } from 'node:crypto';
import type { InvalidationLog } from '../../ports/index.js';
import type { RedisConnection } from './connection.js';
import { loadScript } from './script.js';

const RECORD = loadScript('log-record-2');
const READ = loadScript('log-read-2');
/** Keys per script call: Lua's stack bounds how many arguments one call may unpack. */
const MAX_KEYS_PER_CALL = 1_000;

/** `log:head` {run, n} and `log:keys`, the newest keys. A run id names one life of the log: an emptied Redis starts another. */
export const LOG_KEYS = ['log:head', 'log:keys'] as const;
export const LOG_LENGTH = 10_000;

const PROCESS = randomBytes(9).toString('base64url');
let made = 0;

/** An id that a log takes when it starts anew; never the same twice. Counted, because every batch offers one and the log hardly ever takes it. */
export function freshRunId(): string {
  return `${PROCESS}.${made++}`;
}

/**
 * A cursor is `<generation>:<run>:<count>`. The generation is the connection's: a Redis that restarted with an older
 * state of the same run would otherwise count up to the cursor again, unnoticed.
 */
export class RedisInvalidationLog implements InvalidationLog {
  readonly #redis: RedisConnection;
  readonly #instance = randomBytes(4).toString('hex');

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async record(keys: readonly string[]): Promise<void> {
    const calls: Promise<unknown>[] = [];
    for (let start = 0; start < keys.length; start += MAX_KEYS_PER_CALL) {
      calls.push(this.#redis.run(RECORD, LOG_KEYS, [freshRunId(), LOG_LENGTH, ...keys.slice(start, start + MAX_KEYS_PER_CALL)]));
    }
    await Promise.all(calls);
  }

  async readSince(cursor: string): Promise<{ readonly cursor: string; readonly keys: readonly string[]; readonly everything: boolean }> {
    const life = `${this.#instance}.${this.#redis.generation}`;
    const [cursorLife, run, count] = cursor.split(':');
    const known = cursorLife === life && run !== undefined && count !== undefined;
    const reply = await this.#redis.run(READ, LOG_KEYS, known ? [freshRunId(), run, count] : [freshRunId(), '', '']);
    if (!Array.isArray(reply)) return { cursor, keys: [], everything: false };
    const [newRun, newCount, keys] = reply as [string, string, string[]?];
    return { cursor: `${life}:${newRun}:${newCount}`, keys: keys ?? [], everything: keys === undefined };
  }
}
