import type { ServerId } from '../../domain/ids.js';
import { ChatError } from '../../errors/chat-error.js';
import type { BusPublisher, ControlMessage, Logger } from '../../ports/index.js';
import { pause } from './back-off.js';
import type { BrokerConnection } from './broker-connection.js';
import { ConfirmedPublisher, type PublishLimits } from './confirmed-publisher.js';
import type { Topology } from './queue-topology.js';

export interface RabbitMqPublisherOptions {
  readonly connection: BrokerConnection;
  readonly topology: Topology;
  readonly limits: PublishLimits;
  readonly logger: Logger;
}

/** A quorum queue that is declared again at once never tells its consumers that it was gone (RabbitMQ 3.10): they are given time to hear it. */
const REDECLARE_PAUSE_MS = 1_000;

/** Commits, deliveries and notices each have a channel and a bound of their own: a flood of one does not refuse the others. */
export class RabbitMqPublisher implements BusPublisher {
  readonly #options: RabbitMqPublisherOptions;
  readonly #commits: ConfirmedPublisher;
  readonly #deliveries: ConfirmedPublisher;
  readonly #notices: ConfirmedPublisher;
  readonly #stopping = new AbortController();
  #redeclaring = false;

  constructor(options: RabbitMqPublisherOptions) {
    this.#options = options;
    const { topology } = options;
    this.#commits = new ConfirmedPublisher({ ...options, name: 'commits', declare: (model) => topology.declarePartitions(model) });
    this.#deliveries = new ConfirmedPublisher({
      ...options,
      name: 'deliveries',
      declare: (model) => topology.declareDeliveryExchange(model),
    });
    this.#notices = new ConfirmedPublisher({ ...options, name: 'notices', declare: (model) => topology.declareNotices(model) });
  }

  get ready(): boolean {
    return this.#channels.every((channel) => channel.ready);
  }

  get accepting(): boolean {
    return this.#commits.ready && !this.#options.connection.blocked;
  }

  async start(): Promise<void> {
    await Promise.all(this.#channels.map((channel) => channel.start()));
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#channels.map((channel) => channel.close()));
  }

  async commit(partition: number, batch: Uint8Array): Promise<void> {
    const { persistExchange } = this.#options.topology;
    const taken = await this.#commits.publish(persistExchange, String(partition), { content: batch, persistent: true, mandatory: true });
    if (!taken) this.#failUnrouted();
  }

  deliver(serverId: ServerId, envelope: Uint8Array): Promise<boolean> {
    const { topology } = this.#options;
    const publication = { content: envelope, persistent: false, mandatory: true };
    return this.#deliveries.publish(topology.deliveryExchange, topology.serverKey(serverId), publication);
  }

  async notify(batch: Uint8Array): Promise<void> {
    const { notifyQueue } = this.#options.topology;
    const taken = await this.#notices.publish('', notifyQueue, { content: batch, persistent: true, mandatory: true });
    if (!taken) this.#failUnrouted();
  }

  async control(message: ControlMessage): Promise<void> {
    const content = Buffer.from(JSON.stringify(message));
    await this.#notices.publish(this.#options.topology.controlExchange, '', { content, persistent: false, mandatory: false });
  }

  get #channels(): readonly ConfirmedPublisher[] {
    return [this.#commits, this.#deliveries, this.#notices];
  }

  /** Somebody deleted a durable queue: it is declared again, so that a later attempt arrives. */
  #failUnrouted(): never {
    if (!this.#redeclaring) {
      this.#redeclaring = true;
      void this.#redeclare().finally(() => (this.#redeclaring = false));
    }
    throw new ChatError('UNAVAILABLE');
  }

  async #redeclare(): Promise<void> {
    const { connection, topology, logger } = this.#options;
    logger.error({}, 'a durable queue was missing, declaring it again');
    await pause(REDECLARE_PAUSE_MS, this.#stopping.signal);
    const { model } = connection;
    if (model === undefined) return;
    try {
      await Promise.all([topology.declarePartitions(model), topology.declareNotices(model)]);
    } catch (error) {
      logger.warn({ error }, 'queues could not be declared');
    }
  }
}
