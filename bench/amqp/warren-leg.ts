import { openRabbitMqBus, type RabbitMqBus } from '../../shared/adapters/rabbitmq/index.js';
import { createLogger } from '../../shared/adapters/pino/logger.js';
import type { ChannelId, ServerId, UserId } from '../../shared/domain/ids.js';
import { decodeDeliveries } from '../../shared/protocol/envelope.js';
import { joinLines } from '../../shared/protocol/lines.js';
import { WorkBytes } from '../../shared/protocol/work-bytes.js';
import { partitionOf } from '../../shared/routing/partition.js';
import { ServerOutbox } from '../../shared/routing/server-outbox.js';
import { TurnBatcher } from '../../shared/routing/turn-batcher.js';
import { systemClock } from '../../shared/runtime/clock.js';
import type { LegEvents, LegMessage, OpenLeg } from './leg.js';
import type { LegPlan } from './protocol.js';

/** As docs/reference/config.md has it. */
const PARTITIONS = 1;
/** The bounds of shared/routing/event-pipeline. */
const BATCH = { concurrency: 1, maxItems: 500, maxSize: 256 * 1024, maxWaitingItems: 20_000, maxWaitingSize: 128 * 1024 * 1024 };

/** The product's own way: committed to a quorum queue in batches and confirmed, then sent on to the other server's queue in envelopes. */
export const openWarrenLeg: OpenLeg = async (plan, events) => {
  const bus = await openBus(plan);
  await bus.consumer.consumeDeliveries(plan.serverId as ServerId, {
    onEnvelope: (envelope) => {
      for (const { payload } of decodeDeliveries(envelope)) events.delivered(payload);
      return Promise.resolve();
    },
    onInterrupted: () => events.refused(),
  });
  const outbox = new ServerOutbox({
    serverId: plan.otherServerId as ServerId,
    publisher: bus.publisher,
    clock: systemClock,
    place: new WorkBytes(),
    onUnroutable: (deliveries) => deliveries.forEach(() => events.refused()),
    onDropped: (deliveries) => deliveries.forEach(() => events.refused()),
  });
  const committing = Array.from({ length: PARTITIONS }, (_, partition) => committer({ bus, outbox, events, partition }));
  return {
    send: (message) => {
      const batcher = committing[partitionOf(message.channelId as ChannelId, PARTITIONS)];
      if (batcher?.add(message) !== true) events.refused();
    },
    close: () => bus.close(),
  };
};

/** Takes committed batches as the archiver does, and stores nothing: the figure is the broker's. */
export async function openSink(plan: LegPlan): Promise<{ close(): Promise<void> }> {
  const bus = await openBus(plan);
  await bus.consumer.consumeCommits({ prefetch: 64, onBatches: () => Promise.resolve({ poison: [] }) });
  return bus;
}

function openBus({ url }: LegPlan): Promise<RabbitMqBus> {
  return openRabbitMqBus({
    url,
    prefix: 'chat',
    partitions: PARTITIONS,
    logger: createLogger({ level: 'error', fields: { process: 'bench' } }),
  });
}

interface CommitterParts {
  readonly bus: RabbitMqBus;
  readonly outbox: ServerOutbox;
  readonly events: LegEvents;
  readonly partition: number;
}

function committer({ bus, outbox, events, partition }: CommitterParts): TurnBatcher<LegMessage> {
  const place = new WorkBytes();
  const flush = async (messages: readonly LegMessage[]): Promise<void> => {
    const lines = messages.map(({ payload }) => payload);
    try {
      await bus.publisher.commit(partition, joinLines(lines, place));
    } catch {
      for (let i = 0; i < messages.length; i++) events.refused();
      return;
    }
    for (const { recipient, payload } of messages)
      outbox.add({ recipients: [recipient as UserId], exceptSession: '', payload, rerouted: false, ephemeral: false });
  };
  return new TurnBatcher({ ...BATCH, flush, sizeOf: ({ payload }) => payload.length });
}
