import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { ChatError } from '../../errors/chat-error.js';
import type { Logger, Subscription } from '../../ports/index.js';
import { AckWindow } from './ack-window.js';
import { within } from './back-off.js';
import type { BrokerConnection } from './broker-connection.js';
import { RecoveringChannel } from './recovering-channel.js';

const CANCEL_TIMEOUT_MS = 1_000;

export interface QueueConsumerOptions {
  readonly connection: BrokerConnection;
  readonly name: string;
  readonly logger: Logger;
  /** Messages handed out and not settled. */
  readonly prefetch: number;
  /** Declares the queue and answers its name. */
  readonly declare: (model: ChannelModel) => Promise<string>;
  /** Called in the order of arrival, without waiting for the one before. */
  readonly onMessage: (message: ConsumeMessage) => Promise<void>;
  readonly onRecovered?: () => void;
}

/** Consumes one queue, for as long as it is not cancelled: after every loss the queue is declared and consumed again. */
export class QueueConsumer implements Subscription {
  readonly #options: QueueConsumerOptions;
  readonly #channel: RecoveringChannel<Channel>;
  #window: AckWindow | undefined;
  #consumerTag = '';
  #cancelled = false;

  constructor(options: QueueConsumerOptions) {
    this.#options = options;
    this.#channel = new RecoveringChannel({
      ...options,
      open: (model) => model.createChannel(),
      setup: (channel, model) => this.#setUp(channel, model),
    });
  }

  start(): Promise<void> {
    return this.#channel.start();
  }

  async cancel(): Promise<void> {
    this.#cancelled = true;
    const farewell: Promise<unknown> = this.#channel.current?.cancel(this.#consumerTag) ?? Promise.resolve();
    await within(CANCEL_TIMEOUT_MS, farewell, () => new ChatError('TIMEOUT')).catch(() => undefined);
    await this.#window?.whenEmpty();
    await this.#channel.close();
  }

  async #setUp(channel: Channel, model: ChannelModel): Promise<void> {
    const { declare, prefetch } = this.#options;
    const queue = await declare(model);
    await channel.prefetch(prefetch);
    const window = new AckWindow(channel, prefetch);
    this.#window = window;
    const { consumerTag } = await channel.consume(queue, (message) => {
      // Without a message, the broker says that the queue is gone.
      if (message === null) channel.close().catch(() => undefined);
      else if (!this.#cancelled) window.add(message, this.#handle(message));
    });
    this.#consumerTag = consumerTag;
  }

  async #handle(message: ConsumeMessage): Promise<void> {
    try {
      await this.#options.onMessage(message);
    } catch (error) {
      const { logger, name } = this.#options;
      logger.warn({ consumer: name, bytes: message.content.length, error }, 'message was not handled, sent to the dead letters');
      throw error;
    }
  }
}
