import { randomUUID } from 'node:crypto';
import { connect, type ChannelModel } from 'amqplib';
import { openRabbitMqBus, type RabbitMqBus, type RabbitMqBusOptions } from '../../shared/adapters/rabbitmq/index.js';
import { QUEUE_LIMITS, Topology } from '../../shared/adapters/rabbitmq/queue-topology.js';
import type { ServerId } from '../../shared/domain/ids.js';
import type { Logger } from '../../shared/ports/index.js';

export const PARTITIONS = 2;
export const [SERVER_1, SERVER_2] = ['s1', 's2'] as [ServerId, ServerId];

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** A test's own names in a real broker; `close` removes them. */
export class RabbitMqWorld {
  readonly prefix = `test-${randomUUID()}`;
  readonly topology = new Topology({ prefix: this.prefix, partitions: PARTITIONS, limits: QUEUE_LIMITS, logger: silent });
  readonly #url: string;
  readonly #buses: RabbitMqBus[] = [];
  #admin: ChannelModel | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** A bus as another process would open it. */
  async open(options: Partial<Pick<RabbitMqBusOptions, 'url' | 'limits'>> = {}): Promise<RabbitMqBus> {
    const bus = await openRabbitMqBus({ url: this.#url, prefix: this.prefix, partitions: PARTITIONS, logger: silent, ...options });
    this.#buses.push(bus);
    return bus;
  }

  async deleteQueue(queue: string): Promise<void> {
    const channel = await (await this.#connection()).createChannel();
    await channel.deleteQueue(queue);
    await channel.close();
  }

  async close(): Promise<void> {
    await Promise.all(this.#buses.map((bus) => bus.close()));
    const { topology } = this;
    const channel = await (await this.#connection()).createChannel();
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => topology.archiveQueue(partition));
    const servers = [SERVER_1, SERVER_2].map((serverId) => topology.serverQueue(serverId));
    const shared = [topology.archiveDeadQueue, topology.notifyQueue, topology.notifyDeadQueue, topology.undeliveredQueue];
    for (const queue of [...partitions, ...servers, ...shared]) await channel.deleteQueue(queue);
    for (const exchange of [topology.deliveryExchange, topology.persistExchange, topology.controlExchange])
      await channel.deleteExchange(exchange);
    await this.#admin?.close();
  }

  async #connection(): Promise<ChannelModel> {
    this.#admin ??= await connect(this.#url);
    return this.#admin;
  }
}
