import type { BusConsumer, ControlMessage, Logger, Metrics, Subscription, TraceReports } from '../ports/index.js';
import type { Service } from './service.js';

export interface TraceReporterDeps {
  readonly consumer: Pick<BusConsumer, 'consumeControl'>;
  readonly traces: Pick<TraceReports, 'post'>;
  readonly metrics: Pick<Metrics, 'flight'>;
  readonly logger: Logger;
}

/** Answers what this process knows of an event. */
export class TraceReporter implements Service {
  readonly name = 'trace reporter';
  readonly #deps: TraceReporterDeps;
  readonly #process: string;
  #subscription: Subscription | undefined;

  /** `process` is how the answers name it. */
  constructor(deps: TraceReporterDeps, process: string) {
    this.#deps = deps;
    this.#process = process;
  }

  async start(): Promise<void> {
    this.#subscription = await this.#deps.consumer.consumeControl((message) => this.#answer(message));
  }

  async stop(): Promise<void> {
    await this.#subscription?.cancel();
    this.#subscription = undefined;
  }

  #answer(message: ControlMessage): void {
    if (message.type !== 'trace') return;
    const { metrics, traces, logger } = this.#deps;
    const steps = metrics.flight.find(message.eventId);
    if (steps.length === 0) return;
    traces.post(message.request, { process: this.#process, steps }).catch((error: unknown) => logger.warn({ error }, 'trace not answered'));
  }
}
