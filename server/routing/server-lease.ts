import { performance } from 'node:perf_hooks';
import type { Logger, ServerInfo, ServerRegistry } from '../../shared/ports/index.js';
import type { Service } from '../../shared/runtime/service.js';

export interface ServerLeaseOptions {
  readonly registry: ServerRegistry;
  readonly logger: Logger;
  readonly leaseMs: number;
  /** What stays the same for this life of the server. */
  readonly identity: Pick<ServerInfo, 'serverId' | 'incarnation' | 'url' | 'region' | 'maxConnections'>;
  readonly connections: () => number;
  /** After each renewal: a chance to put right what an outage left. */
  readonly onRenewed: () => Promise<void>;
  /** The lease had lapsed, or its store had lost it: routes to this server may be gone. */
  readonly onRestored: () => Promise<void>;
}

/** At most one renewal per this time because of new connections. */
const SOON_MS = 200;
/** Utilisation over less time than this is chance. */
const LOAD_SAMPLE_MS = 1_000;

/**
 * The server's entry in the registry, renewed three times per lease with its load. Routes to this server count only
 * while the entry lives, so a dead server's routes end with it.
 */
export class ServerLease implements Service {
  readonly name = 'server lease';
  readonly #options: ServerLeaseOptions;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  readonly #load = new LoadAverage();
  #renewedAt = 0;
  #draining = false;
  #stopped = false;

  constructor(options: ServerLeaseOptions) {
    this.#options = options;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Waits for the lease of an earlier life (at most one lease's time) when that did not end cleanly. */
  async start(): Promise<void> {
    const deadline = performance.now() + this.#options.leaseMs * 2;
    while ((await this.#renew()) === 'refused') {
      if (performance.now() > deadline) throw new Error(`server id ${this.#options.identity.serverId} is held by another live server`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    this.#timer = setInterval(() => void this.#renewAndReport(), Math.floor(this.#options.leaseMs / 3));
  }

  /** The number of connections has changed: discovery hears of it at once, so that people who log in one after another spread. */
  connectionsChanged(): void {
    if (this.#soon !== undefined || this.#timer === undefined) return;
    const wait = this.#renewedAt + SOON_MS - performance.now();
    if (wait <= 0) void this.#renewAndReport();
    else
      this.#soon = setTimeout(() => {
        this.#soon = undefined;
        void this.#renewAndReport();
      }, wait);
  }

  /** Discovery stops naming this server; its routes stay valid. */
  async drain(): Promise<void> {
    this.#draining = true;
    await this.#renewAndReport();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    const { registry, identity } = this.#options;
    await registry.remove(identity.serverId, identity.incarnation).catch(() => undefined);
  }

  async #renewAndReport(): Promise<void> {
    try {
      if (this.#stopped) return;
      const outcome = await this.#renew();
      if (outcome === 'created') await this.#options.onRestored();
      else if (outcome === 'renewed') await this.#options.onRenewed();
      else this.#options.logger.error({}, 'server id is held by another live server');
    } catch (error) {
      this.#options.logger.warn({ error }, 'server lease not renewed');
    }
  }

  #renew(): ReturnType<ServerRegistry['renew']> {
    const { registry, identity, connections, leaseMs } = this.#options;
    this.#renewedAt = performance.now();
    return registry.renew({ ...identity, connections: connections(), load: this.#load.read(), draining: this.#draining }, leaseMs);
  }
}

/** Event-loop utilisation, smoothed, so that one busy moment does not turn people away. */
class LoadAverage {
  #last = performance.eventLoopUtilization();
  #readAt = performance.now();
  #average = 0;

  read(): number {
    const now = performance.now();
    if (now - this.#readAt < LOAD_SAMPLE_MS) return this.#average;
    const current = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(current, this.#last);
    this.#last = current;
    this.#readAt = now;
    this.#average = (this.#average + utilization) / 2;
    return this.#average;
  }
}
