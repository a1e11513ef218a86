import type { CloseReason } from '../../shared/protocol/close-codes.js';
import type { Logger } from '../../shared/ports/index.js';
import type { Service } from '../../shared/runtime/service.js';
import type { SessionRegistry } from './session-registry.js';

export interface DrainingOptions {
  readonly sessions: SessionRegistry;
  /** Discovery stops naming this server. */
  readonly lease: { drain(): Promise<void> };
  readonly pipeline: { readonly pending: number };
  readonly logger: Logger;
  readonly drainMs: number;
  readonly lastWord: CloseReason;
}

const POLL_MS = 50;
/** Past the time that the devices were given: for those that took it literally. */
const EXTRA_MS = 1_000;
const IN_FLIGHT_MS = 10_000;

/** The first thing that happens on stop: devices are moved elsewhere, and what is in flight is answered. */
export class Draining implements Service {
  readonly name = 'draining';
  readonly #options: DrainingOptions;

  constructor(options: DrainingOptions) {
    this.#options = options;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    const { sessions, lease, pipeline, logger, drainMs, lastWord } = this.#options;
    logger.info({ connections: sessions.size, drainMs }, 'draining');
    await lease.drain();
    const frame = Buffer.from(JSON.stringify({ type: 'drain', withinMs: drainMs }));
    for (const session of sessions.openSessions) session.push(frame);
    await until(() => sessions.size === 0, drainMs + EXTRA_MS);
    await until(() => pipeline.pending === 0, IN_FLIGHT_MS);
    sessions.closeAll(lastWord);
    logger.info({ pending: pipeline.pending }, 'drained');
  }
}

async function until(done: () => boolean, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!done() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
