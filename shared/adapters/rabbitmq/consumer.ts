import type { ConsumeMessage } from 'amqplib';
import type { ServerId } from '../../domain/ids.js';
import type { BusConsumer, ControlMessage, Logger, Subscription } from '../../ports/index.js';
import type { BrokerConnection } from './broker-connection.js';
import { PartitionConsumer } from './partition-consumer.js';
import { QueueConsumer, type QueueConsumerOptions } from './queue-consumer.js';
import type { Topology } from './queue-topology.js';

const DELIVERY_PREFETCH = 100;
const UNDELIVERED_PREFETCH = 20;
const NOTIFICATION_PREFETCH = 10;
const CONTROL_PREFETCH = 100;

export interface RabbitMqConsumerOptions {
  /** One that nothing is published on. */
  readonly connection: BrokerConnection;
  readonly topology: Topology;
  readonly logger: Logger;
}

/** Each subscription has a channel of its own, each partition too. */
export class RabbitMqConsumer implements BusConsumer {
  readonly #options: RabbitMqConsumerOptions;
  readonly #subscriptions = new Set<Subscription>();

  constructor(options: RabbitMqConsumerOptions) {
    this.#options = options;
  }

  /** Cancels what the callers have not cancelled. */
  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.cancel()));
  }

  consumeDeliveries(serverId: ServerId, options: Parameters<BusConsumer['consumeDeliveries']>[1]): Promise<Subscription> {
    return this.#consume({
      name: `deliveries of ${serverId}`,
      prefetch: DELIVERY_PREFETCH,
      declare: (model) => this.#options.topology.declareServerQueue(model, serverId),
      onMessage: (message) => options.onEnvelope(message.content),
      onRecovered: options.onInterrupted,
    });
  }

  async consumeCommits(options: Parameters<BusConsumer['consumeCommits']>[0]): Promise<Subscription> {
    const { topology } = this.#options;
    const partitions = Array.from(
      { length: topology.partitions },
      (_, partition) =>
        new PartitionConsumer({
          ...this.#options,
          ...options,
          partition,
          declare: (model) => topology.declarePartition(model, partition),
        }),
    );
    const cancel = async (): Promise<void> => {
      await Promise.all(partitions.map((partition) => partition.cancel()));
    };
    try {
      await Promise.all(partitions.map((partition) => partition.start()));
    } catch (error) {
      await cancel();
      throw error;
    }
    return this.#remember({ cancel });
  }

  /** One that had been handed out before its consumer was lost is not handed out again: that is the "at most once". */
  consumeUndelivered(onEnvelope: (envelope: Uint8Array) => Promise<void>): Promise<Subscription> {
    return this.#consume({
      name: 'undelivered',
      prefetch: UNDELIVERED_PREFETCH,
      declare: (model) => this.#options.topology.declareUndelivered(model),
      onMessage: async (message) => {
        if (!message.fields.redelivered) await onEnvelope(message.content);
      },
    });
  }

  consumeNotifications(onBatch: (batch: Uint8Array) => Promise<void>): Promise<Subscription> {
    return this.#consume({
      name: 'notifications',
      prefetch: NOTIFICATION_PREFETCH,
      declare: (model) => this.#options.topology.declareNotifications(model),
      onMessage: (message) => onBatch(message.content),
    });
  }

  consumeControl(onMessage: (message: ControlMessage) => void): Promise<Subscription> {
    return this.#consume({
      name: 'control',
      prefetch: CONTROL_PREFETCH,
      declare: (model) => this.#options.topology.declareControlQueue(model),
      onMessage: (message) => Promise.resolve(message).then((received) => onMessage(readControl(received))),
    });
  }

  async #consume(options: Omit<QueueConsumerOptions, 'connection' | 'logger'>): Promise<Subscription> {
    const consumer = new QueueConsumer({ ...this.#options, ...options });
    await consumer.start();
    return this.#remember(consumer);
  }

  #remember(consumer: Subscription): Subscription {
    const subscription = {
      cancel: async (): Promise<void> => {
        this.#subscriptions.delete(subscription);
        await consumer.cancel();
      },
    };
    this.#subscriptions.add(subscription);
    return subscription;
  }
}

function readControl(message: ConsumeMessage): ControlMessage {
  return JSON.parse(message.content.toString()) as ControlMessage;
}
