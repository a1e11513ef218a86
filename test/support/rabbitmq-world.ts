import { randomUUID } from 'node:crypto';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { openRabbitMqBus, type RabbitMqBus, type RabbitMqBusOptions } from '../../shared/adapters/rabbitmq/index.js';
import { QUEUE_LIMITS, Topology } from '../../shared/adapters/rabbitmq/queue-topology.js';
import type { ServerId } from '../../shared/domain/ids.js';
import { Inbox } from './inbox.js';
import { SilentLogger } from './silent-logger.js';

export const PARTITIONS = 2;
export const [SERVER_1, SERVER_2] = ['s1', 's2'] as [ServerId, ServerId];

const logger = new SilentLogger();

/** A test's own names in a real broker; `close` removes them. */
export class RabbitMqWorld {
  readonly prefix = `test-${randomUUID()}`;
  readonly topology = new Topology({ prefix: this.prefix, partitions: PARTITIONS, limits: QUEUE_LIMITS, logger });
  readonly #url: string;
  readonly #buses: RabbitMqBus[] = [];
  #admin: ChannelModel | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** A bus as another process would open it. */
  async open(options: Partial<Pick<RabbitMqBusOptions, 'url' | 'limits' | 'partitions'>> = {}): Promise<RabbitMqBus> {
    const bus = await openRabbitMqBus({ url: this.#url, prefix: this.prefix, partitions: PARTITIONS, logger, ...options });
    this.#buses.push(bus);
    return bus;
  }

  async deleteQueue(queue: string): Promise<void> {
    await this.#onChannel((channel) => channel.deleteQueue(queue));
  }

  async countMessages(queue: string): Promise<number> {
    return this.#onChannel(async (channel) => (await channel.checkQueue(queue)).messageCount);
  }

  /** Takes the texts of the next `count` messages, as soon as they are there. */
  async takeMessages(queue: string, count: number): Promise<readonly string[]> {
    const texts = new Inbox<string>();
    return this.#onChannel(async (channel) => {
      await channel.consume(queue, (message) => texts.add(String(message?.content)), { noAck: true });
      return texts.take(count);
    });
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

  async #onChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
    const channel = await (await this.#connection()).createChannel();
    const result = await work(channel);
    await channel.close();
    return result;
  }

  async #connection(): Promise<ChannelModel> {
    this.#admin ??= await connect(this.#url);
    return this.#admin;
  }
}
