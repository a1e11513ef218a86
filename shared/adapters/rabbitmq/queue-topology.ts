import type { Channel, ChannelModel } from 'amqplib';
import type { ServerId } from '../../domain/ids.js';
import type { Logger } from '../../ports/index.js';
import { closeChannel } from './close-channel.js';

const MiB = 1024 * 1024;
const NOT_FOUND = 404;
const PRECONDITION_FAILED = 406;

/** Bounds of the queues, in bytes and milliseconds. A queue that exists keeps those it was declared with. */
export interface QueueLimits {
  /** What all partitions together hold while the store is away; beyond its share of it, a partition refuses commits. */
  readonly archiveBytes: number;
  readonly deadBytes: number;
  readonly deliveryBytes: number;
  /** How long a delivery waits for a server that is away; then its recipients are looked up again. */
  readonly deliveryTtlMs: number;
  /** A server that is away longer than this loses its queue; longer than the TTL, or deliveries would go with it. */
  readonly deliveryExpiresMs: number;
  readonly undeliveredBytes: number;
  readonly undeliveredTtlMs: number;
  readonly notifyBytes: number;
  readonly controlBytes: number;
}

export const QUEUE_LIMITS: QueueLimits = {
  archiveBytes: 4096 * MiB,
  deadBytes: 256 * MiB,
  deliveryBytes: 128 * MiB,
  deliveryTtlMs: 15_000,
  deliveryExpiresMs: 600_000,
  undeliveredBytes: 128 * MiB,
  undeliveredTtlMs: 300_000,
  notifyBytes: 128 * MiB,
  controlBytes: 4 * MiB,
};

export interface TopologyOptions {
  /** First word of every name: `chat` in production, another one for each test. */
  readonly prefix: string;
  readonly partitions: number;
  readonly limits: QueueLimits;
  readonly logger: Logger;
}

type Arguments = Readonly<Record<string, string | number | boolean>>;

/**
 * Names and declarations, those of docs/architecture.md. Everything is declared by whoever needs it, again on every new
 * channel, so that it does not matter who starts first and what an operator deletes. Works on RabbitMQ 3.10 to 4.x.
 */
export class Topology {
  readonly #options: TopologyOptions;

  constructor(options: TopologyOptions) {
    this.#options = options;
  }

  get partitions(): number {
    return this.#options.partitions;
  }
  get deliveryExchange(): string {
    return this.#name('exchange');
  }
  get persistExchange(): string {
    return this.#name('persist');
  }
  get controlExchange(): string {
    return this.#name('control');
  }
  get notifyQueue(): string {
    return this.#name('notify');
  }
  get notifyDeadQueue(): string {
    return this.#name('notify.dead');
  }
  get undeliveredQueue(): string {
    return this.#name('undelivered');
  }
  get archiveDeadQueue(): string {
    return this.#name('archive.dead');
  }
  archiveQueue(partition: number): string {
    return this.#name(`archive.${partition}`);
  }
  serverQueue(serverId: ServerId): string {
    return this.#name(`queue.${serverId}`);
  }
  serverKey(serverId: ServerId): string {
    return this.#name(serverId);
  }

  /** What commits go to. */
  async declarePartitions(model: ChannelModel): Promise<void> {
    await this.#declareArchive(model);
    const partitions = Array.from({ length: this.partitions }, (_, partition) => partition);
    // Side by side: a broker that has just come back is slow to answer, and nothing can be committed until all are there.
    await Promise.all(partitions.map((partition) => this.#declareArchiveQueue(model, partition)));
  }

  async declareDeliveryExchange(model: ChannelModel): Promise<void> {
    await onChannel(model, (channel) => channel.assertExchange(this.deliveryExchange, 'topic'));
  }

  /** What notifications and control messages go to. */
  async declareNotices(model: ChannelModel): Promise<void> {
    await onChannel(model, (channel) => channel.assertExchange(this.controlExchange, 'fanout'));
    await this.declareNotifications(model);
  }

  /** Quorum: a confirm means that a majority has it on disk. Full, it refuses: senders are told, nothing is lost. */
  async declarePartition(model: ChannelModel, partition: number): Promise<string> {
    await this.#declareArchive(model);
    return this.#declareArchiveQueue(model, partition);
  }

  /** Messages in archive queues that follow the configured ones without a break. */
  async countStranded(model: ChannelModel): Promise<number> {
    let stranded = 0;
    for (let partition = this.partitions; ; partition++) {
      const count = await this.#countMessages(model, this.archiveQueue(partition));
      if (count === undefined) return stranded;
      stranded += count;
    }
  }

  /** Undefined when there is no such queue. */
  async #countMessages(model: ChannelModel, queue: string): Promise<number | undefined> {
    try {
      return (await onChannel(model, (channel) => channel.checkQueue(queue))).messageCount;
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === NOT_FOUND) return undefined;
      throw error;
    }
  }

  async #declareArchive(model: ChannelModel): Promise<void> {
    await Promise.all([
      this.#declareQueue(model, this.archiveDeadQueue, quorum(this.#options.limits.deadBytes)),
      onChannel(model, (channel) => channel.assertExchange(this.persistExchange, 'direct')),
    ]);
  }

  async #declareArchiveQueue(model: ChannelModel, partition: number): Promise<string> {
    const { archiveBytes } = this.#options.limits;
    const queue = this.archiveQueue(partition);
    await this.#declareQueue(model, queue, {
      ...quorum(Math.floor(archiveBytes / this.partitions)),
      ...deadLetterTo(this.archiveDeadQueue),
      ...withoutDeliveryLimit(model),
      'x-overflow': 'reject-publish',
      'x-single-active-consumer': true,
    });
    await onChannel(model, (channel) => channel.bindQueue(queue, this.persistExchange, String(partition)));
    return queue;
  }

  /** Full, it refuses: the publisher's outbox keeps the order and waits. What waits too long goes to the undelivered queue. */
  async declareServerQueue(model: ChannelModel, serverId: ServerId): Promise<string> {
    const { deliveryBytes, deliveryTtlMs, deliveryExpiresMs } = this.#options.limits;
    await this.declareUndelivered(model);
    const queue = this.serverQueue(serverId);
    await this.#declareQueue(model, queue, {
      ...classic(deliveryBytes),
      ...deadLetterTo(this.undeliveredQueue),
      'x-overflow': 'reject-publish',
      'x-message-ttl': deliveryTtlMs,
      'x-expires': deliveryExpiresMs,
    });
    await this.declareDeliveryExchange(model);
    await onChannel(model, (channel) => channel.bindQueue(queue, this.deliveryExchange, this.serverKey(serverId)));
    return queue;
  }

  async declareUndelivered(model: ChannelModel): Promise<string> {
    const { undeliveredBytes, undeliveredTtlMs } = this.#options.limits;
    await this.#declareQueue(model, this.undeliveredQueue, { ...classic(undeliveredBytes), 'x-message-ttl': undeliveredTtlMs });
    return this.undeliveredQueue;
  }

  /** Full, the oldest push notifications make room: they matter least. */
  async declareNotifications(model: ChannelModel): Promise<string> {
    const { notifyBytes } = this.#options.limits;
    await this.#declareQueue(model, this.notifyDeadQueue, classic(notifyBytes));
    await this.#declareQueue(model, this.notifyQueue, { ...classic(notifyBytes), ...deadLetterTo(this.notifyDeadQueue) });
    return this.notifyQueue;
  }

  /** The process' own ear for control messages: gone with its consumer. */
  async declareControlQueue(model: ChannelModel): Promise<string> {
    return onChannel(model, async (channel) => {
      await channel.assertExchange(this.controlExchange, 'fanout');
      const declaration = { exclusive: true, autoDelete: true, durable: false, arguments: classic(this.#options.limits.controlBytes) };
      const { queue } = await channel.assertQueue('', declaration);
      await channel.bindQueue(queue, this.controlExchange, '');
      return queue;
    });
  }

  /** A queue of the same name with other arguments (declared by another version or configuration) is used as it is. */
  async #declareQueue(model: ChannelModel, queue: string, args: Arguments): Promise<void> {
    try {
      await onChannel(model, (channel) => channel.assertQueue(queue, { durable: true, arguments: args }));
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== PRECONDITION_FAILED) throw error;
      await onChannel(model, (channel) => channel.checkQueue(queue));
      this.#options.logger.warn({ queue, error }, 'queue exists with other arguments, used as it is');
    }
  }

  #name(rest: string): string {
    return `${this.#options.prefix}.${rest}`;
  }
}

function quorum(maxBytes: number): Arguments {
  return { 'x-queue-type': 'quorum', 'x-max-length-bytes': maxBytes };
}

/** Named, because a virtual host may have another default. Full, it drops its oldest unless told otherwise. */
function classic(maxBytes: number): Arguments {
  return { 'x-queue-type': 'classic', 'x-max-length-bytes': maxBytes };
}

/** By way of the default exchange, whose routing keys are queue names. */
function deadLetterTo(queue: string): Arguments {
  return { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': queue };
}

/**
 * RabbitMQ 4 sends a message to the dead letters after 20 deliveries unless told otherwise: consumers that reconnect during a
 * long outage would lose sound batches that way. Before version 4 there is no limit, and -1 is refused.
 */
function withoutDeliveryLimit(model: ChannelModel): Arguments {
  const major = Number.parseInt(model.connection.serverProperties.version, 10);
  return major >= 4 ? { 'x-delivery-limit': -1 } : {};
}

/** A refused declaration closes its channel, so each one gets its own. */
async function onChannel<T>(model: ChannelModel, work: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined);
  try {
    return await work(channel);
  } finally {
    await closeChannel(channel);
  }
}
