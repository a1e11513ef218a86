import type { Logger } from '../../shared/ports/index.js';
import type { Service } from '../../shared/runtime/service.js';
import type { Presence } from '../chat/presence/presence.js';

const ROUND_MS = 200;
/** Between two rounds, when there is something to do at once. */
const SOON_MS = 20;
const RETRY_MS = 1_000;

/** Lets presence go round while somebody watches: one round at a time. */
export class PresenceRounds implements Service {
  readonly name = 'presence';
  readonly #presence: Presence;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #soon = false;
  #round: Promise<void> | undefined;
  #stopped = true;

  constructor(deps: { readonly presence: Presence; readonly logger: Logger }) {
    this.#presence = deps.presence;
    this.#logger = deps.logger;
  }

  start(): Promise<void> {
    this.#stopped = false;
    this.#presence.onWork = () => this.#wake();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  #wake(): void {
    if (this.#soon) return;
    this.#soon = true;
    if (this.#round === undefined) this.#arm(SOON_MS);
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#round = this.#go();
    }, ms);
  }

  async #go(): Promise<void> {
    this.#soon = false;
    const done = await this.#tryRound();
    this.#round = undefined;
    if (!this.#presence.idle) this.#arm(done ? this.#pause() : RETRY_MS);
  }

  #pause(): number {
    return this.#soon ? SOON_MS : ROUND_MS;
  }

  async #tryRound(): Promise<boolean> {
    try {
      await this.#presence.round();
      return true;
    } catch (error) {
      this.#logger.warn({ error }, 'presence could not be read');
      return false;
    }
  }
}
