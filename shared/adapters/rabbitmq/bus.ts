import type { Channel } from 'amqplib';
import { ChatError } from '../../errors/chat-error.js';
import type { BusConsumer, BusPublisher, Logger } from '../../ports/index.js';
import { within } from './back-off.js';
import { PUBLISH_LIMITS, type PublishLimits } from './confirmed-publisher.js';
import { BrokerConnection } from './broker-connection.js';
import { RabbitMqConsumer } from './consumer.js';
import { RabbitMqPublisher } from './publisher.js';
import { RecoveringChannel } from './recovering-channel.js';
import { QUEUE_LIMITS, Topology, type QueueLimits } from './queue-topology.js';

const CHECK_TIMEOUT_MS = 2_000;

export interface RabbitMqBusOptions {
  /** `amqp://user:password@host:port/vhost` or `amqps://…`. */
  readonly url: string;
  /** First word of every exchange's and queue's name. */
  readonly prefix: string;
  /** Equal in all processes of a cluster. */
  readonly partitions: number;
  readonly logger: Logger;
  readonly limits?: Partial<QueueLimits & PublishLimits>;
}

export interface RabbitMqBus {
  readonly publisher: BusPublisher;
  readonly consumer: BusConsumer;
  /** A round trip to the broker; rejects with UNAVAILABLE when it is away or publishing is not possible. */
  check(): Promise<void>;
  /** Batches beyond the configured partitions, where nobody would store them: the cluster had more partitions once. Rejects with UNAVAILABLE. */
  stranded(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Resolves when the broker is reached and everything that is published to is declared; rejects with UNAVAILABLE when that takes longer
 * than 30 s. Afterwards connections, channels, queues and consumers come back by themselves for as long as the bus is open.
 */
export async function openRabbitMqBus(options: RabbitMqBusOptions): Promise<RabbitMqBus> {
  const { url, prefix, logger } = options;
  const limits = { ...QUEUE_LIMITS, ...PUBLISH_LIMITS, ...options.limits };
  const topology = new Topology({ ...options, limits });
  const publishing = new BrokerConnection({ url, name: `warren ${prefix} publisher`, logger });
  const consuming = new BrokerConnection({ url, name: `warren ${prefix} consumer`, logger });
  const publisher = new RabbitMqPublisher({ connection: publishing, topology, limits, logger });
  const consumer = new RabbitMqConsumer({ connection: consuming, topology, logger });
  const checks = new RecoveringChannel<Channel>({
    connection: consuming,
    name: 'checks',
    logger,
    open: (model) => model.createChannel(),
    setup: (_, model) => topology.declareDeliveryExchange(model),
  });
  const close = async (): Promise<void> => {
    await consumer.close();
    await Promise.all([publisher.close(), checks.close()]);
    await Promise.all([publishing.close(), consuming.close()]);
  };
  const check = async (): Promise<void> => {
    const channel = checks.current;
    if (channel === undefined || !publisher.ready) throw new ChatError('UNAVAILABLE');
    const answered = channel
      .checkExchange(topology.deliveryExchange)
      .catch((cause: unknown) => Promise.reject(new ChatError('UNAVAILABLE', { cause })));
    await within(CHECK_TIMEOUT_MS, answered, () => new ChatError('UNAVAILABLE'));
  };
  const stranded = async (): Promise<number> => {
    const { model } = consuming;
    if (model === undefined) throw new ChatError('UNAVAILABLE');
    return topology.countStranded(model).catch((cause: unknown) => Promise.reject(new ChatError('UNAVAILABLE', { cause })));
  };
  try {
    await Promise.all([publisher.start(), checks.start()]);
  } catch (error) {
    await close();
    throw error;
  }
  return { publisher, consumer, check, stranded, close };
}
