import { randomBytes } from 'node:crypto';
import type { InvalidationLog } from '../../ports/index.js';
import { promised } from './promised.js';

const LENGTH = 10_000;

/** The log of all servers that share this object. A cursor is `<run>:<count>`. */
export class MemoryInvalidationLog implements InvalidationLog {
  readonly #run = randomBytes(6).toString('hex');
  readonly #keys: string[] = [];
  #count = 0;

  record(keys: readonly string[]): Promise<void> {
    return promised(() => {
      for (const key of keys) this.#keys.push(key);
      this.#count += keys.length;
      // Cut rarely: cutting moves everything that stays.
      if (this.#keys.length > 2 * LENGTH) this.#keys.splice(0, this.#keys.length - LENGTH);
    });
  }

  readSince(cursor: string): Promise<{ readonly cursor: string; readonly keys: readonly string[]; readonly everything: boolean }> {
    return promised(() => {
      const [run, count] = cursor.split(':');
      const missed = run === this.#run ? this.#count - Number(count) : Infinity;
      const known = missed <= Math.min(LENGTH, this.#keys.length);
      const keys = known && missed > 0 ? this.#keys.slice(-missed) : [];
      return { cursor: `${this.#run}:${this.#count}`, keys, everything: !known };
    });
  }
}
