import { Redis, type ChainableCommander } from 'ioredis';
import { ChatError } from '../../errors/chat-error.js';
import type { Logger } from '../../ports/index.js';
import { DataEpoch } from './data-epoch.js';
import { RedisTime } from './redis-time.js';
import { translateRedisError } from './redis-errors.js';
import type { Script } from './script.js';

export interface RedisConnectionOptions {
  /** `redis://[user:password@]host:port/db`, or `rediss://`. */
  readonly url: string;
  /** Before every key; default `warren:`. */
  readonly prefix?: string;
  readonly logger: Logger;
  /** A command without an answer for this long rejects with UNAVAILABLE; default 2,000. */
  readonly commandTimeoutMs?: number;
  /** Commands that Redis may owe an answer to; more are refused with UNAVAILABLE. Default 250,000. */
  readonly maxUnanswered?: number;
  /** `start` waits this long for the first connection; default 30,000. */
  readonly connectTimeoutMs?: number;
  /** How often to look whether the data set was emptied under a connection that stayed; default 1,000. */
  readonly epochCheckMs?: number;
}

export type RedisArgument = string | number | Buffer;

const MAX_BACK_OFF_MS = 1_000;
const MAX_UNANSWERED = 250_000;
/** Of commands that a Redis which does not read has not taken yet. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;

/**
 * One connection to Redis, for every adapter of this folder. Commands are written in the turn in which they are asked
 * for and in that order (no offline queue, no auto-pipelining): the invalidation log relies on it. While Redis is away
 * every command rejects at once with UNAVAILABLE, and nothing is sent again by itself: a command that was cut off may have happened.
 * A command that has timed out stays in the driver's queue until it is answered, so that queue is bounded: a Redis that hangs is asked no more.
 */
export class RedisConnection {
  readonly name = 'redis';
  readonly prefix: string;
  readonly #client: Redis;
  readonly #logger: Logger;
  readonly #connectTimeoutMs: number;
  readonly #epochCheckMs: number;
  readonly #maxUnanswered: number;
  readonly #resetListeners = new Set<() => void>();
  readonly #loaded = new Set<string>();
  readonly #epoch: DataEpoch;
  readonly #time = new RedisTime();
  #generation = 0;
  #epochTimer: NodeJS.Timeout | undefined;

  constructor(options: RedisConnectionOptions) {
    this.prefix = options.prefix ?? 'warren:';
    this.#logger = options.logger;
    this.#connectTimeoutMs = options.connectTimeoutMs ?? 30_000;
    this.#epochCheckMs = options.epochCheckMs ?? 1_000;
    this.#maxUnanswered = options.maxUnanswered ?? MAX_UNANSWERED;
    this.#client = new Redis(options.url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      commandTimeout: options.commandTimeoutMs ?? 2_000,
      connectTimeout: 3_000,
      retryStrategy: backOff,
    });
    this.#client.on('error', (error: unknown) => this.#logger.warn({ error: translateRedisError(error) }, 'redis connection failed'));
    const run = this.run.bind(this);
    this.#epoch = new DataEpoch({ client: this.#client, time: this.#time, run, onLost: () => this.#reset() });
    this.#client.on('close', () => {
      this.#loaded.clear();
      this.#epoch.disconnected();
    });
    this.#client.on('ready', () => this.#becomeReady());
  }

  get ready(): boolean {
    return this.#client.status === 'ready';
  }

  /** Changes whenever data may have been lost: with each connection, and when the data set was found emptied. */
  get generation(): number {
    return this.#generation;
  }

  /** Milliseconds since the Unix epoch by Redis' clock, as far as it was heard of; a look each `epochCheckMs`. */
  now(): number {
    return this.#time.now();
  }

  /** Names the data set; '' until that is known, after each (re)connect too. Another one after Redis was emptied or set back. */
  get epoch(): string {
    return this.#epoch.current;
  }

  /** Somebody has reason to doubt the epoch. */
  checkEpoch(): Promise<void> {
    return this.#epoch.check();
  }

  /** For the adapters whose library wants the driver itself. */
  get client(): Redis {
    return this.#client;
  }

  /** Resolves when Redis is ready. Rejects with UNAVAILABLE, and stops, when it is not in time. */
  async start(): Promise<void> {
    const ready = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new ChatError('UNAVAILABLE', { details: { reason: 'redis is not reachable' } })),
        this.#connectTimeoutMs,
      );
      this.#client.once('ready', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#client.connect().catch(() => undefined);
    this.#epochTimer = setInterval(() => void this.#epoch.check(), this.#epochCheckMs).unref();
    await ready.catch(async (error: unknown) => {
      await this.stop();
      throw error;
    });
    await this.#epoch.check();
  }

  stop(): Promise<void> {
    clearInterval(this.#epochTimer);
    this.#client.disconnect();
    return Promise.resolve();
  }

  /** For readiness checks. Rejects with UNAVAILABLE. */
  async ping(): Promise<void> {
    await this.#client.ping().catch((error: unknown) => Promise.reject(translateRedisError(error)));
  }

  /**
   * Calls the listener each time Redis turned out to have lost its data (restarted or emptied; not for the first connection): whoever keeps
   * something there writes it again. Noticed within `epochCheckMs`. Returns how to stop listening.
   */
  onReset(listener: () => void): () => void {
    this.#resetListeners.add(listener);
    return () => this.#resetListeners.delete(listener);
  }

  /** Runs a script; written before this returns. Keys get the prefix. Rejects with ChatError. */
  run(script: Script, keys: readonly string[], args: readonly RedisArgument[]): Promise<unknown> {
    if (this.#isFull) return Promise.reject(unanswered());
    this.#corkTurn();
    if (!this.#loaded.has(script.sha)) this.#load(script);
    const prefixed = keys.map((key) => this.prefix + key);
    return this.#client.call('EVALSHA', [script.sha, keys.length, ...prefixed, ...args]).catch((error: unknown) => {
      // After SCRIPT FLUSH: not sent again from here, because a later command could then have overtaken it.
      if (error instanceof Error && error.message.startsWith('NOSCRIPT')) this.#loaded.clear();
      throw translateRedisError(error);
    });
  }

  pipeline(): ChainableCommander {
    return this.#client.pipeline();
  }

  /** The answers in order; written before this returns. Rejects with ChatError when any command failed. */
  async execute(pipeline: ChainableCommander): Promise<unknown[]> {
    if (this.#isFull) throw unanswered();
    const replies = (await pipeline.exec().catch((error: unknown) => Promise.reject(translateRedisError(error)))) ?? [];
    return replies.map(([error, reply]) => {
      if (error !== null) throw translateRedisError(error);
      return reply;
    });
  }

  /** Of the driver's queue and its socket's buffer: while there is no connection, both are empty. */
  get #isFull(): boolean {
    const { commandQueue, stream } = this.#client as unknown as {
      readonly commandQueue: { readonly length: number };
      readonly stream?: { readonly writableLength?: number };
    };
    return commandQueue.length >= this.#maxUnanswered || (stream?.writableLength ?? 0) > MAX_UNSENT_BYTES;
  }

  #load(script: Script): void {
    this.#loaded.add(script.sha);
    this.#client.script('LOAD', script.text).catch(() => this.#loaded.delete(script.sha));
  }

  /** What is asked for in one turn leaves in one write. */
  #corkTurn(): void {
    const { stream } = this.#client as unknown as { stream: Partial<NodeJS.WritableStream> & { writableCorked?: number; cork?(): void } };
    if (!this.ready || stream.cork === undefined || (stream.writableCorked ?? 0) > 0) return;
    const { uncork } = stream as { uncork?: () => void };
    stream.cork();
    process.nextTick(() => uncork?.call(stream));
  }

  #becomeReady(): void {
    this.#generation += 1;
    this.#loaded.clear();
    this.#logger.info({}, 'redis connected');
    void this.#epoch.check();
  }

  #reset(): void {
    this.#generation += 1;
    this.#logger.warn({}, 'redis has lost its data');
    for (const listener of this.#resetListeners) listener();
  }
}

function unanswered(): ChatError {
  return new ChatError('UNAVAILABLE', { details: { reason: 'redis does not answer' } });
}

/** Full jitter under a cap: the servers of a cluster do not come back in step. */
function backOff(attempt: number): number {
  return Math.ceil(Math.random() * Math.min(MAX_BACK_OFF_MS, 50 * 2 ** Math.min(attempt, 6)));
}
