import type { Channel, ChannelModel } from 'amqplib';
import { ChatError } from '../../errors/chat-error.js';
import type { Logger } from '../../ports/index.js';
import { backOffMs, pause, within } from './back-off.js';
import type { BrokerConnection } from './broker-connection.js';

/** How long the first opening may take. */
export const START_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 1_000;
const BACK_OFF = { minMs: 100, maxMs: 2_000 };
/** A channel that lived this long was sound: the next failure starts from the shortest pause. */
const SOUND_AFTER_MS = 5_000;

export interface RecoveringChannelOptions<C extends Channel> {
  readonly connection: BrokerConnection;
  /** For the log. */
  readonly name: string;
  readonly logger: Logger;
  readonly open: (model: ChannelModel) => Promise<C>;
  /** Declares and consumes what the channel is for; runs on every new channel, the first and those after a loss. */
  readonly setup: (channel: C, model: ChannelModel) => Promise<void>;
  /** After a loss, each time the channel is ready again. */
  readonly onRecovered?: () => void;
  readonly onLost?: () => void;
}

/** A channel that is opened and set up again, whatever closed it: the connection, the broker, an operator, or {@link renew}. */
export class RecoveringChannel<C extends Channel> {
  readonly #options: RecoveringChannelOptions<C>;
  readonly #stopping = new AbortController();
  #channel: C | undefined;
  #onFirst: (() => void) | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: RecoveringChannelOptions<C>) {
    this.#options = options;
  }

  /** The channel while it is ready. */
  get current(): C | undefined {
    return this.#channel;
  }

  /** Resolves when it is ready for the first time; rejects with UNAVAILABLE, and gives up, when that takes too long. */
  async start(): Promise<void> {
    const ready = new Promise<void>((resolve) => (this.#onFirst = resolve));
    this.#loop = this.#run();
    const closed = this.#loop.then(() => Promise.reject(new ChatError('UNAVAILABLE')));
    try {
      await within(START_TIMEOUT_MS, Promise.race([ready, closed]), () => new ChatError('UNAVAILABLE'));
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      closed.catch(() => undefined);
    }
  }

  /** Gives the channel up for a new one. */
  renew(): void {
    this.#channel?.close().catch(() => undefined);
  }

  /** Waits a bounded time for the broker's answer: under an alarm it does not read, let alone answer. */
  async close(): Promise<void> {
    this.#stopping.abort();
    const channel = this.#channel;
    if (channel === undefined) return;
    // The driver throws when the channel has closed meanwhile.
    const closing = Promise.resolve().then(() => channel.close());
    await within(CLOSE_TIMEOUT_MS, closing, () => new ChatError('TIMEOUT')).catch(() => undefined);
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopped; failures++) {
      const openedAt = performance.now();
      await this.#serve().catch((error: unknown) => this.#report(error, failures));
      if (performance.now() - openedAt > SOUND_AFTER_MS) failures = 0;
      await pause(backOffMs(failures, BACK_OFF), this.#stopping.signal);
    }
  }

  /** Opens and sets up; resolves when the channel is lost. */
  async #serve(): Promise<void> {
    const { connection, open, setup, onLost } = this.#options;
    const model = await connection.whenConnected();
    const channel = await open(model);
    const closed = new Promise<void>((resolve) => channel.once('close', resolve));
    channel.on('error', (error) => this.#report(error, 0));
    try {
      await setup(channel, model);
      this.#channel = channel;
      if (this.#stopped) return;
      this.#announce();
      await closed;
    } finally {
      this.#channel = undefined;
      channel.close().catch(() => undefined);
      onLost?.();
    }
  }

  #announce(): void {
    if (this.#onFirst === undefined) this.#options.onRecovered?.();
    this.#onFirst?.();
    this.#onFirst = undefined;
  }

  #report(error: unknown, failures: number): void {
    if (this.#stopped || failures % 20 !== 0) return;
    this.#options.logger.warn({ channel: this.#options.name, failures, error }, 'broker channel failed');
  }
}
