import type { ServerId } from '../../domain/ids.js';
import { ChatError } from '../../errors/chat-error.js';
import type { BusConsumer, BusPublisher, ControlMessage, Subscription } from '../../ports/index.js';
import { MemoryQueue } from './memory-queue.js';

const QUEUE_BYTES = 64 * 1024 * 1024;
const PREFETCH = 100;

export interface MemoryBusOptions {
  readonly partitions: number;
  /** Bound of each queue; 64 MiB unless given. */
  readonly queueBytes?: number;
}

export interface MemoryBus {
  readonly publisher: BusPublisher;
  readonly consumer: BusConsumer;
}

/**
 * The bus of servers, workers and API that live in one process: a batch is as durable as the process. A server's queue ends with its
 * subscription; what it had not taken goes to the undelivered ones at once. Poison batches are dropped: their consumer has reported them.
 */
export function createMemoryBus(options: MemoryBusOptions): MemoryBus {
  const queues = new MemoryQueues(options);
  return { publisher: new MemoryPublisher(queues), consumer: new MemoryConsumer(queues) };
}

type ControlListener = (message: ControlMessage) => void;

class MemoryQueues {
  readonly partitions: readonly MemoryQueue[];
  readonly servers = new Map<ServerId, MemoryQueue>();
  readonly undelivered: MemoryQueue;
  readonly notifications: MemoryQueue;
  readonly controlListeners = new Set<ControlListener>();
  readonly #maxBytes: number;

  constructor({ partitions, queueBytes = QUEUE_BYTES }: MemoryBusOptions) {
    this.#maxBytes = queueBytes;
    this.partitions = Array.from({ length: partitions }, () => this.createRefusing());
    this.undelivered = new MemoryQueue({ maxBytes: queueBytes, overflow: 'drop-oldest' });
    this.notifications = new MemoryQueue({ maxBytes: queueBytes, overflow: 'drop-oldest' });
  }

  createRefusing(): MemoryQueue {
    return new MemoryQueue({ maxBytes: this.#maxBytes, overflow: 'refuse' });
  }
}

class MemoryPublisher implements BusPublisher {
  readonly accepting = true;
  readonly #queues: MemoryQueues;

  constructor(queues: MemoryQueues) {
    this.#queues = queues;
  }

  commit(partition: number, batch: Uint8Array): Promise<void> {
    const queue = this.#queues.partitions[partition];
    if (queue === undefined) return Promise.reject(new ChatError('UNAVAILABLE', { details: { partition } }));
    return queue.push(new Uint8Array(batch)) ? Promise.resolve() : Promise.reject(new ChatError('OVERLOADED'));
  }

  deliver(serverId: ServerId, envelope: Uint8Array): Promise<boolean> {
    const queue = this.#queues.servers.get(serverId);
    if (queue === undefined) return Promise.resolve(false);
    return queue.push(new Uint8Array(envelope)) ? Promise.resolve(true) : Promise.reject(new ChatError('OVERLOADED'));
  }

  notify(batch: Uint8Array): Promise<void> {
    this.#queues.notifications.push(new Uint8Array(batch));
    return Promise.resolve();
  }

  /** Each listener hears it in a turn of its own, so that one that throws does not silence the others. */
  control(message: ControlMessage): Promise<void> {
    for (const listener of this.#queues.controlListeners) {
      setImmediate(() => {
        if (this.#queues.controlListeners.has(listener)) listener(message);
      });
    }
    return Promise.resolve();
  }
}

class MemoryConsumer implements BusConsumer {
  readonly #queues: MemoryQueues;

  constructor(queues: MemoryQueues) {
    this.#queues = queues;
  }

  /** Nothing interrupts a queue inside the process, so `onInterrupted` is never called. */
  consumeDeliveries(
    serverId: ServerId,
    { onEnvelope }: { readonly onEnvelope: (envelope: Uint8Array) => Promise<void> },
  ): Promise<Subscription> {
    const { servers, undelivered } = this.#queues;
    const queue = servers.get(serverId) ?? this.#queues.createRefusing();
    servers.set(serverId, queue);
    const reading = queue.attach({
      prefetch: PREFETCH,
      take: (envelopes) => handleEach(envelopes, { handle: onEnvelope, onRejected: (envelope) => undelivered.push(envelope) }),
    });
    const cancel = async (): Promise<void> => {
      if (servers.get(serverId) === queue) servers.delete(serverId);
      await reading.cancel();
      for (const envelope of queue.clear()) undelivered.push(envelope);
    };
    return Promise.resolve({ cancel });
  }

  consumeCommits({ prefetch, onBatches }: Parameters<BusConsumer['consumeCommits']>[0]): Promise<Subscription> {
    const readings = this.#queues.partitions.map((queue, partition) =>
      queue.attach({
        prefetch,
        take: async (batches) => {
          const { settled } = await onBatches(partition, batches);
          await settled;
        },
      }),
    );
    const cancel = async (): Promise<void> => {
      await Promise.all(readings.map((reading) => reading.cancel()));
    };
    return Promise.resolve({ cancel });
  }

  consumeUndelivered(onEnvelope: (envelope: Uint8Array) => Promise<void>): Promise<Subscription> {
    return this.#consumeEach(this.#queues.undelivered, onEnvelope);
  }

  consumeNotifications(onBatch: (batch: Uint8Array) => Promise<void>): Promise<Subscription> {
    return this.#consumeEach(this.#queues.notifications, onBatch);
  }

  consumeControl(onMessage: ControlListener): Promise<Subscription> {
    const listener: ControlListener = (message) => onMessage(message);
    this.#queues.controlListeners.add(listener);
    return Promise.resolve({
      cancel: () => {
        this.#queues.controlListeners.delete(listener);
        return Promise.resolve();
      },
    });
  }

  #consumeEach(queue: MemoryQueue, handle: (message: Uint8Array) => Promise<void>): Promise<Subscription> {
    const take = (messages: readonly Uint8Array[]): Promise<void> => handleEach(messages, { handle, onRejected: () => undefined });
    return Promise.resolve(queue.attach({ prefetch: PREFETCH, take }));
  }
}

/** Hands them out in order, without waiting for the one before; all are settled when it resolves. */
async function handleEach(
  messages: readonly Uint8Array[],
  by: { readonly handle: (message: Uint8Array) => Promise<void>; readonly onRejected: (message: Uint8Array) => void },
): Promise<void> {
  await Promise.all(messages.map((message) => by.handle(message).catch(() => by.onRejected(message))));
}
