import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { BusConsumer, Logger, Subscription } from '../../ports/index.js';
import { backOffMs, pause } from './back-off.js';
import type { BrokerConnection } from './broker-connection.js';
import { RecoveringChannel } from './recovering-channel.js';

const RETRY = { minMs: 250, maxMs: 5_000 };

export interface PartitionConsumerOptions {
  readonly connection: BrokerConnection;
  readonly logger: Logger;
  readonly partition: number;
  readonly prefetch: number;
  readonly declare: (model: ChannelModel) => Promise<string>;
  readonly onBatches: Parameters<BusConsumer['consumeCommits']>[0]['onBatches'];
}

/**
 * One partition. What arrived while a call was under way is handed out by the next call. Batches whose handler rejects are kept here and tried
 * again, without giving them back: that keeps their order, and does not count as a delivery, of which a quorum queue may
 * allow only so many. An outage longer than the broker's `consumer_timeout` (30 minutes) closes the channel; the new
 * one gets the same batches again, in the same order.
 */
export class PartitionConsumer implements Subscription {
  readonly #options: PartitionConsumerOptions;
  readonly #recovering: RecoveringChannel<Channel>;
  readonly #stopping = new AbortController();
  #channel: Channel | undefined;
  #arrived: ConsumeMessage[] = [];
  #scheduled = false;
  #draining: Promise<void> | undefined;
  /** Acknowledgements in their order; rejected for good once one of them could not be given. */
  #acknowledging: Promise<void> = Promise.resolve();

  constructor(options: PartitionConsumerOptions) {
    this.#options = options;
    this.#recovering = new RecoveringChannel({
      ...options,
      name: `partition ${options.partition}`,
      open: (model) => model.createChannel(),
      setup: (channel, model) => this.#setUp(channel, model),
      onLost: () => this.#forget(),
    });
  }

  start(): Promise<void> {
    return this.#recovering.start();
  }

  /** The consumer ends with its channel, after the last acknowledgement: the next process must not start before this one is done. */
  async cancel(): Promise<void> {
    this.#stopping.abort();
    await this.#draining;
    await this.#acknowledging.catch(() => undefined);
    await this.#recovering.close();
  }

  async #setUp(channel: Channel, model: ChannelModel): Promise<void> {
    const queue = await this.#options.declare(model);
    await channel.prefetch(this.#options.prefetch);
    this.#channel = channel;
    this.#acknowledging = Promise.resolve();
    await channel.consume(queue, (message) => {
      // Without a message, the broker says that the queue is gone.
      if (message === null) channel.close().catch(() => undefined);
      else this.#take(message);
    });
  }

  #forget(): void {
    this.#channel = undefined;
    this.#arrived = [];
  }

  #take(message: ConsumeMessage): void {
    this.#arrived.push(message);
    if (this.#scheduled || this.#draining !== undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#draining = this.#drain().finally(() => (this.#draining = undefined));
    });
  }

  async #drain(): Promise<void> {
    while (this.#arrived.length > 0 && this.#channel !== undefined && !this.#stopping.signal.aborted) {
      const messages = this.#arrived;
      this.#arrived = [];
      await this.#settle(this.#channel, messages);
    }
  }

  #acknowledge(
    channel: Channel,
    messages: readonly ConsumeMessage[],
    outcome: { readonly poison: ReadonlySet<number>; readonly settled: Promise<void> | undefined },
  ): void {
    const before = this.#acknowledging;
    this.#acknowledging = Promise.all([before, outcome.settled]).then(() => acknowledge(channel, messages, outcome.poison));
    this.#acknowledging.catch(() => undefined);
  }

  /** Tries until the handler has taken them, the channel is lost or the consumer is cancelled. */
  async #settle(channel: Channel, messages: readonly ConsumeMessage[]): Promise<void> {
    const { partition, onBatches, logger } = this.#options;
    const batches = messages.map((message) => message.content);
    for (let failures = 0; this.#channel === channel && !this.#stopping.signal.aborted; failures++) {
      try {
        const { poison, settled } = await onBatches(partition, batches);
        this.#acknowledge(channel, messages, { poison: new Set(poison), settled });
        return;
      } catch (error) {
        logger.warn({ partition, batches: batches.length, failures, error }, 'batches were not taken, trying again');
        await pause(backOffMs(failures, RETRY), this.#stopping.signal);
      }
    }
  }
}

function acknowledge(channel: Channel, messages: readonly ConsumeMessage[], poison: ReadonlySet<number>): void {
  try {
    messages.forEach((message, i) => {
      if (poison.has(i)) channel.nack(message, false, false);
    });
    const last = messages.findLast((_, i) => !poison.has(i));
    if (last !== undefined) channel.ack(last, true);
  } catch {
    // The channel has closed: the batches come again, and the handler is idempotent.
  }
}
