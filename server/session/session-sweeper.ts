import type { Clock } from '../../shared/ports/index.js';
import type { Service } from '../../shared/runtime/service.js';
import type { SessionRegistry } from './session-registry.js';

const CONNECT_MS = 5_000;
const SWEEP_MS = 1_000;

/** One timer for all connections: ends those that never said connect or stopped their heartbeat. */
export class SessionSweeper implements Service {
  readonly name = 'session sweeper';
  readonly #deps: { readonly sessions: SessionRegistry; readonly clock: Clock; readonly heartbeatMs: number };
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: { readonly sessions: SessionRegistry; readonly clock: Clock; readonly heartbeatMs: number }) {
    this.#deps = deps;
  }

  start(): Promise<void> {
    const { sessions, clock, heartbeatMs } = this.#deps;
    this.#timer = setInterval(() => sessions.sweep(clock.monotonic(), { connectMs: CONNECT_MS, heartbeatMs }), SWEEP_MS);
    return Promise.resolve();
  }

  stop(): Promise<void> {
    clearInterval(this.#timer);
    return Promise.resolve();
  }
}
