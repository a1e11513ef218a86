import { decodeDeliveries } from '../../shared/protocol/envelope.js';
import type { BusConsumer, Logger, Subscription } from '../../shared/ports/index.js';
import type { FanOut } from '../../shared/routing/fan-out.js';
import type { Service } from '../../shared/runtime/service.js';

/** What a dead server's queue gives back (`chat.undelivered`): its recipients are looked up once more. */
export class Rerouter implements Service {
  readonly name = 'rerouter';
  readonly #deps: { readonly consumer: Pick<BusConsumer, 'consumeUndelivered'>; readonly fanOut: FanOut; readonly logger: Logger };
  #subscription: Subscription | undefined;

  constructor(deps: { readonly consumer: Pick<BusConsumer, 'consumeUndelivered'>; readonly fanOut: FanOut; readonly logger: Logger }) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#subscription = await this.#deps.consumer.consumeUndelivered((envelope) => this.#reroute(envelope));
  }

  async stop(): Promise<void> {
    await this.#subscription?.cancel();
    this.#subscription = undefined;
  }

  #reroute(envelope: Uint8Array): Promise<void> {
    try {
      this.#deps.fanOut.reroute(decodeDeliveries(envelope), undefined);
    } catch (error) {
      this.#deps.logger.error({ error, bytes: envelope.length }, 'undelivered envelope cannot be read');
    }
    return Promise.resolve();
  }
}
