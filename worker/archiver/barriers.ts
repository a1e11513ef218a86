import { encodeBarrier } from '../../shared/protocol/event-batch.js';
import type { BusPublisher, Clock, Logger, RecentWindow } from '../../shared/ports/index.js';
import type { Service } from '../../shared/runtime/service.js';

export interface BarriersDeps {
  readonly window: Pick<RecentWindow, 'unprovenPartitions'>;
  readonly publisher: Pick<BusPublisher, 'commit'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const LOOK_EVERY_MS = 250;
/** A barrier that did not arrive by then was lost, or waits behind a store that is away: another one does no harm. */
const REPEAT_AFTER_MS = 10_000;

/**
 * After the recent window was lost, acked events may be in a persist queue only, where no reader looks. This sends a barrier through each
 * partition; the archiver that meets it has stored everything before it, and says so. Until then readers answer UNAVAILABLE
 * instead of leaving those events out. Any worker may send, the partition's own consumer answers.
 */
export class Barriers implements Service {
  readonly name = 'barriers';
  readonly #deps: BarriersDeps;
  readonly #sentAt = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(deps: BarriersDeps) {
    this.#deps = deps;
  }

  start(): Promise<void> {
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.look();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** One look at a time; what fails is tried again with the next. */
  look(): void {
    this.#looking ??= this.#send()
      .catch((error: unknown) => this.#deps.logger.debug({ error }, 'barrier not sent'))
      .finally(() => (this.#looking = undefined));
  }

  async #send(): Promise<void> {
    const { window, publisher, logger } = this.#deps;
    const { epoch, partitions } = await window.unprovenPartitions();
    const due = partitions.filter((partition) => this.#takeTurn(`${epoch} ${partition}`));
    if (due.length === 0) return;
    logger.info({ partitions: due }, 'recent window was lost, sending a barrier through the archive');
    await Promise.all(due.map((partition) => this.#commit(publisher, partition, epoch)));
  }

  async #commit(publisher: Pick<BusPublisher, 'commit'>, partition: number, epoch: string): Promise<void> {
    try {
      await publisher.commit(partition, encodeBarrier(epoch));
    } catch (error) {
      this.#sentAt.delete(`${epoch} ${partition}`);
      throw error;
    }
  }

  #takeTurn(key: string): boolean {
    const now = this.#deps.clock.monotonic();
    for (const [known, at] of this.#sentAt) if (now - at >= REPEAT_AFTER_MS) this.#sentAt.delete(known);
    if (this.#sentAt.has(key)) return false;
    this.#sentAt.set(key, now);
    return true;
  }
}
