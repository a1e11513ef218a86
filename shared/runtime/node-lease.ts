import { randomUUID } from 'node:crypto';
import { MAX_NODE, type IdClock } from '../domain/ids.js';
import { ChatError } from '../errors/chat-error.js';
import type { Lease, Logger } from '../ports/index.js';
import type { Service } from './service.js';

const TTL_MS = 30_000;
const RENEW_MS = 8_000;

/**
 * Holds this process's node number (10 bits of every id) by a lease, and takes another one when it was lost. Two
 * processes that share a number for a moment can at worst make the same id in the same millisecond; the sequencer
 * accepts it once.
 */
export class NodeLease implements Service {
  readonly name = 'node lease';
  readonly #deps: { readonly lease: Lease; readonly ids: IdClock; readonly logger: Logger };
  readonly #holder = randomUUID();
  #node: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: { readonly lease: Lease; readonly ids: IdClock; readonly logger: Logger }) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    await this.#acquire();
    this.#timer = setInterval(() => {
      this.#renew().catch((error: unknown) => this.#deps.logger.warn({ error }, 'node lease not renewed'));
    }, RENEW_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#node !== undefined) await this.#deps.lease.release(nameOf(this.#node), this.#holder).catch(() => undefined);
    this.#node = undefined;
  }

  async #renew(): Promise<void> {
    if (this.#node !== undefined && (await this.#deps.lease.hold(nameOf(this.#node), this.#holder, TTL_MS))) return;
    this.#deps.logger.warn({ node: this.#node }, 'node number was taken over, acquiring another one');
    await this.#acquire();
  }

  async #acquire(): Promise<void> {
    const first = Math.floor(Math.random() * (MAX_NODE + 1));
    for (let i = 0; i <= MAX_NODE; i++) {
      const node = (first + i) % (MAX_NODE + 1);
      if (!(await this.#deps.lease.hold(nameOf(node), this.#holder, TTL_MS))) continue;
      this.#node = node;
      this.#deps.ids.node = node;
      return;
    }
    throw new ChatError('UNAVAILABLE', { details: { reason: 'all node numbers are leased' } });
  }
}

function nameOf(node: number): string {
  return `node:${node}`;
}
