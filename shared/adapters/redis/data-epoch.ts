import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { RedisTime } from './redis-time.js';
import { loadScript, type Script } from './script.js';

const EPOCH = loadScript('epoch-3');

/** Goes with the data: whoever finds it missing, or made by an earlier run of the server, makes another one. */
export const EPOCH_KEY = 'epoch';
/** Goes when the epoch changes; see the recent window. */
export const WHOLE_KEY = 'whole';

/** Goes with it: the last ids by channel, see the sequencer. */
export const LAST_KEY = 'last';

export interface DataEpochOptions {
  readonly client: Redis;
  /** Read at the same occasions. */
  readonly time: RedisTime;
  readonly run: (script: Script, keys: readonly string[], args: readonly string[]) => Promise<unknown>;
  /** The data set is another one than before: emptied, or set back by a restart. */
  readonly onLost: () => void;
}

/** Which data set a connection talks to. An emptied Redis has another one, and so has one that was started again. */
export class DataEpoch {
  readonly #options: DataEpochOptions;
  #known: string | undefined;
  #runId: string | undefined;
  #verified = false;
  #checking: Promise<void> | undefined;

  constructor(options: DataEpochOptions) {
    this.#options = options;
  }

  /** '' until it is known; after each (re)connect too. */
  get current(): string {
    return this.#verified ? (this.#known ?? '') : '';
  }

  /** To be called when the connection ends: what comes next may be another run of the server. */
  disconnected(): void {
    this.#verified = false;
    this.#runId = undefined;
  }

  /** Looks again; one look at a time. Never rejects. */
  check(): Promise<void> {
    this.#checking ??= this.#look()
      .catch(() => undefined)
      .finally(() => (this.#checking = undefined));
    return this.#checking;
  }

  async #look(): Promise<void> {
    const { client, time, run, onLost } = this.#options;
    if (client.status !== 'ready') return;
    // Before the epoch is known: nothing is numbered without it.
    await time.read(client);
    const runId = this.#runId ?? readRunId(await client.info('server'));
    const found = await run(EPOCH, [EPOCH_KEY, WHOLE_KEY, LAST_KEY], [runId, `${runId}.${randomBytes(9).toString('base64url')}`]);
    this.#runId = runId;
    const lost = this.#known !== undefined && this.#known !== found;
    this.#known = String(found);
    this.#verified = true;
    if (lost) onLost();
  }
}

function readRunId(info: string): string {
  return /^run_id:(\w+)/m.exec(info)?.[1] ?? '';
}
