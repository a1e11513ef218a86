import { deliveryBytes, encodeDeliveries, type Delivery } from '../protocol/envelope.js';
import type { WorkBytes } from '../protocol/work-bytes.js';
import { toChatError } from '../errors/chat-error.js';
import type { ServerId } from '../domain/ids.js';
import type { BusPublisher, Clock } from '../ports/index.js';
import { TurnBatcher } from './turn-batcher.js';

const BATCH_BYTES = 512 * 1024;
const BATCH_DELIVERIES = 2_000;
/** Published and not yet confirmed envelopes of one server: the next ones gather meanwhile. */
const FLIGHTS = 4;
/** What may wait for one server while the broker is slow or away; beyond it, deliveries are left to the devices' resume. */
const WAITING_BYTES = 16 * 1024 * 1024;
const RETRY_FOR_MS = 15_000;
const RETRY_PAUSE_MS = 250;

export interface ServerOutboxOptions {
  readonly serverId: ServerId;
  readonly publisher: Pick<BusPublisher, 'deliver'>;
  readonly clock: Clock;
  /** For envelopes; all outboxes may have the same. */
  readonly place: WorkBytes;
  /** The server's queue does not exist: look the recipients up again. */
  readonly onUnroutable: (deliveries: readonly Delivery[]) => void;
  /** Given up: the broker was away too long, or too much waits. */
  readonly onDropped: (deliveries: readonly Delivery[]) => void;
}

/** Deliveries on their way to one server, as few large AMQP messages, in order while the broker is there. */
export class ServerOutbox {
  readonly #options: ServerOutboxOptions;
  readonly #batcher: TurnBatcher<Delivery>;

  constructor(options: ServerOutboxOptions) {
    this.#options = options;
    this.#batcher = new TurnBatcher({
      flush: (deliveries) => this.#publish(deliveries),
      concurrency: FLIGHTS,
      maxItems: BATCH_DELIVERIES,
      maxSize: BATCH_BYTES,
      sizeOf: deliveryBytes,
      maxWaitingItems: 100_000,
      maxWaitingSize: WAITING_BYTES,
    });
  }

  get idle(): boolean {
    return this.#batcher.idle;
  }

  add(delivery: Delivery): void {
    if (!this.#batcher.add(delivery)) this.#options.onDropped([delivery]);
  }

  async #publish(deliveries: Delivery[]): Promise<void> {
    const { clock, publisher, serverId, place, onUnroutable, onDropped } = this.#options;
    const deadline = clock.monotonic() + RETRY_FOR_MS;
    for (;;) {
      try {
        if (!(await publisher.deliver(serverId, encodeDeliveries(deliveries, place)))) onUnroutable(deliveries);
        return;
      } catch (error) {
        if (!toChatError(error).temporary || clock.monotonic() > deadline) {
          onDropped(deliveries);
          return;
        }
        await pause(RETRY_PAUSE_MS);
      }
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
