import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { ChatError } from '../../errors/chat-error.js';
import type { Logger } from '../../ports/index.js';
import type { BrokerConnection } from './broker-connection.js';
import { RecoveringChannel } from './recovering-channel.js';

export interface PublishLimits {
  /** Published and not yet confirmed; beyond it publishing is refused. */
  readonly unconfirmedBytes: number;
  readonly confirmTimeoutMs: number;
}

export const PUBLISH_LIMITS: PublishLimits = { unconfirmedBytes: 64 * 1024 * 1024, confirmTimeoutMs: 10_000 };

export interface ConfirmedPublisherOptions {
  readonly connection: BrokerConnection;
  readonly name: string;
  readonly logger: Logger;
  readonly limits: PublishLimits;
  readonly declare: (model: ChannelModel) => Promise<void>;
}

export interface Publication {
  readonly content: Uint8Array;
  readonly persistent: boolean;
  /** Unroutable ones come back, and count as not taken. */
  readonly mandatory: boolean;
}

interface Flight {
  readonly bytes: number;
  readonly deadline: number;
  readonly resolve: (taken: boolean) => void;
  readonly reject: (error: ChatError) => void;
  returned: boolean;
}

/**
 * Publishes on a confirm channel of its own. A flight that timed out counts against the bound until the broker answers or the channel
 * is lost: its bytes are still in a buffer here while the broker does not read.
 */
export class ConfirmedPublisher {
  readonly #options: ConfirmedPublisherOptions;
  readonly #channel: RecoveringChannel<ConfirmChannel>;
  /** By message id, oldest first. The broker returns a message before it confirms it. */
  readonly #flights = new Map<string, Flight>();
  #sweeper: NodeJS.Timeout | undefined;
  #unconfirmedBytes = 0;
  #sequence = 0;

  constructor(options: ConfirmedPublisherOptions) {
    this.#options = options;
    this.#channel = new RecoveringChannel({
      ...options,
      open: (model) => model.createConfirmChannel(),
      setup: (channel, model) => this.#setUp(channel, model),
    });
  }

  get ready(): boolean {
    return this.#channel.current !== undefined;
  }

  async start(): Promise<void> {
    const { confirmTimeoutMs } = this.#options.limits;
    this.#sweeper = setInterval(() => this.#rejectLate(), Math.max(10, confirmTimeoutMs / 20)).unref();
    await this.#channel.start();
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await this.#channel.close();
    this.#rejectAll();
  }

  /** Resolves true when the broker has it, false when it came back unroutable. Rejects with UNAVAILABLE, OVERLOADED or TIMEOUT. */
  publish(exchange: string, key: string, publication: Publication): Promise<boolean> {
    const { unconfirmedBytes } = this.#options.limits;
    const channel = this.#channel.current;
    if (channel === undefined) return Promise.reject(new ChatError('UNAVAILABLE'));
    const full = this.#flights.size > 0 && this.#unconfirmedBytes + publication.content.length > unconfirmedBytes;
    if (full) return Promise.reject(new ChatError('OVERLOADED'));
    return new Promise((resolve, reject) => {
      const { content, persistent, mandatory } = publication;
      const messageId = String((this.#sequence += 1));
      const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
      try {
        channel.publish(exchange, key, bytes, { persistent, mandatory, messageId }, (error: unknown) => this.#land(messageId, error));
      } catch (cause) {
        // The driver throws when the channel has just closed.
        reject(new ChatError('UNAVAILABLE', { cause }));
        return;
      }
      const deadline = performance.now() + this.#options.limits.confirmTimeoutMs;
      this.#flights.set(messageId, { bytes: bytes.length, deadline, resolve, reject, returned: false });
      this.#unconfirmedBytes += bytes.length;
    });
  }

  async #setUp(channel: ConfirmChannel, model: ChannelModel): Promise<void> {
    // Before the driver's own listener, which answers every callback with an error that looks like the broker's refusal.
    channel.prependListener('close', () => this.#rejectAll());
    channel.on('return', (message) => {
      const flight = this.#flights.get(String(message.properties.messageId));
      if (flight !== undefined) flight.returned = true;
    });
    await this.#options.declare(model);
  }

  /** An error here is the broker's nack: a queue is full, or failed. */
  #land(messageId: string, error: unknown): void {
    const flight = this.#flights.get(messageId);
    if (flight === undefined) return;
    this.#flights.delete(messageId);
    this.#unconfirmedBytes -= flight.bytes;
    if (error === null) flight.resolve(!flight.returned);
    else flight.reject(new ChatError('OVERLOADED'));
  }

  #rejectLate(): void {
    const now = performance.now();
    for (const flight of this.#flights.values()) {
      if (flight.deadline > now) return;
      flight.reject(new ChatError('TIMEOUT'));
    }
  }

  #rejectAll(): void {
    const flights = [...this.#flights.values()];
    this.#flights.clear();
    this.#unconfirmedBytes = 0;
    for (const flight of flights) flight.reject(new ChatError('UNAVAILABLE'));
  }
}
