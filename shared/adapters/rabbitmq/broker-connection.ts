import type { Duplex } from 'node:stream';
import { connect, type ChannelModel } from 'amqplib';
import { ChatError } from '../../errors/chat-error.js';
import type { Logger } from '../../ports/index.js';
import { backOffMs, pause, within } from './back-off.js';
import { closeChannel } from './close-channel.js';

const HEARTBEAT_SECONDS = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 1_000;
const WRITE_BUFFER_BYTES = 256 * 1024;
const BACK_OFF = { minMs: 250, maxMs: 2_000 };

export interface BrokerConnectionOptions {
  readonly url: string;
  /** What the broker shows its operator. */
  readonly name: string;
  readonly logger: Logger;
}

interface Waiter {
  readonly resolve: (model: ChannelModel) => void;
  readonly reject: (error: ChatError) => void;
}

/**
 * One connection to the broker that comes back for as long as it is not closed. Whoever needs it waits with
 * {@link whenConnected} and builds everything anew on the model it gets.
 */
export class BrokerConnection {
  readonly #options: BrokerConnectionOptions;
  readonly #stopping = new AbortController();
  #waiters: Waiter[] = [];
  #model: ChannelModel | undefined;
  #blocked = false;

  constructor(options: BrokerConnectionOptions) {
    this.#options = options;
    void this.#run();
  }

  get model(): ChannelModel | undefined {
    return this.#model;
  }

  /** The broker has an alarm and does not read what is published. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** Waits as long as it takes; rejects with UNAVAILABLE once the connection is closed for good. */
  whenConnected(): Promise<ChannelModel> {
    if (this.#stopped) return Promise.reject(new ChatError('UNAVAILABLE'));
    const model = this.#model;
    if (model !== undefined) return Promise.resolve(model);
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  async close(): Promise<void> {
    if (this.#stopped) return;
    this.#stopping.abort();
    for (const { reject } of this.#waiters.splice(0)) reject(new ChatError('UNAVAILABLE'));
    if (this.#model !== undefined) await closePolitely(this.#model);
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopped) {
      try {
        await this.#serve(() => (failures = 0));
      } catch (error) {
        const { logger, name } = this.#options;
        if (failures % 20 === 0) logger.warn({ connection: name, failures, error }, 'broker cannot be reached');
        failures += 1;
      }
      await pause(backOffMs(failures, BACK_OFF), this.#stopping.signal);
    }
  }

  /** Connects, and resolves when the connection is lost. */
  async #serve(onConnected: () => void): Promise<void> {
    const { logger, name } = this.#options;
    const model = await this.#connect();
    const closed = new Promise<void>((resolve) => model.once('close', () => resolve()));
    this.#report(model);
    // A close right after the handshake may have been emitted before anybody could listen: a round trip shows it.
    await closeChannel(await model.createChannel());
    if (this.#stopped) return closePolitely(model);
    onConnected();
    logger.info({ connection: name, version: model.connection.serverProperties.version }, 'connected to the broker');
    this.#model = model;
    for (const { resolve } of this.#waiters.splice(0)) resolve(model);
    await closed;
    this.#lose(model);
  }

  #lose(model: ChannelModel): void {
    this.#model = undefined;
    this.#blocked = false;
    // A peer that vanished never takes the driver's last bytes; one that is there gets the time to.
    setTimeout(() => socketOf(model).destroy(), CLOSE_TIMEOUT_MS).unref();
    if (!this.#stopped) this.#options.logger.warn({ connection: this.#options.name }, 'broker connection lost');
  }

  async #connect(): Promise<ChannelModel> {
    const url = new URL(this.#options.url);
    if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
    const socketOptions = {
      noDelay: true,
      keepAlive: true,
      timeout: CONNECT_TIMEOUT_MS,
      writableHighWaterMark: WRITE_BUFFER_BYTES,
      clientProperties: { connection_name: this.#options.name },
    };
    const model = await connect(url.href, socketOptions);
    corkPerTurn(socketOf(model));
    return model;
  }

  #report(model: ChannelModel): void {
    const { logger, name } = this.#options;
    model.on('error', (error) => logger.warn({ connection: name, error }, 'broker connection failed'));
    model.on('blocked', (reason) => {
      this.#blocked = true;
      logger.error({ connection: name, reason }, 'broker has an alarm and takes no messages');
    });
    model.on('unblocked', () => {
      this.#blocked = false;
      logger.info({ connection: name }, 'broker takes messages again');
    });
  }
}

/** A peer that does not answer is left without a farewell. */
async function closePolitely(model: ChannelModel): Promise<void> {
  const socket = socketOf(model);
  // The driver throws when the connection has closed meanwhile.
  const closing = Promise.resolve().then(() => model.close());
  await within(CLOSE_TIMEOUT_MS, closing, () => new ChatError('TIMEOUT')).catch(() => undefined);
  // With an error, or the driver would not hear of it and keep its channels and timers.
  socket.destroy(new Error('the broker did not answer the farewell'));
}

/** The driver's types do not name its socket, and it has no option for corking. */
function socketOf(model: ChannelModel): Duplex {
  return (model.connection as unknown as { readonly stream: Duplex }).stream;
}

/** The driver writes every frame by itself; this gathers the frames of one turn into one write. */
function corkPerTurn(socket: Duplex): void {
  const write = socket.write.bind(socket) as (chunk: Uint8Array) => boolean;
  let corked = false;
  socket.write = (chunk: Uint8Array): boolean => {
    if (!corked) {
      corked = true;
      socket.cork();
      process.nextTick(() => {
        corked = false;
        socket.uncork();
      });
    }
    return write(chunk);
  };
}
