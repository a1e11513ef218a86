import type { ServerId } from '../../domain/ids.js';
import type { ServerInfo, ServerRegistry } from '../../ports/index.js';
import { ExpiringMap, monotonicNow, type Now } from './expiring-map.js';
import { promised } from './promised.js';

const MAX_SERVERS = 1_000;

/** The servers that share this object. */
export class MemoryServerRegistry implements ServerRegistry {
  readonly #servers: ExpiringMap<ServerId, ServerInfo>;

  constructor(options: { readonly now?: Now } = {}) {
    this.#servers = new ExpiringMap(MAX_SERVERS, options.now ?? monotonicNow);
  }

  renew(server: ServerInfo, leaseMs: number): Promise<'renewed' | 'created' | 'refused'> {
    return promised(() => {
      const holder = this.#servers.get(server.serverId);
      if (holder !== undefined && holder.incarnation !== server.incarnation) return 'refused';
      this.#servers.set(server.serverId, server, leaseMs);
      return holder === undefined ? 'created' : 'renewed';
    });
  }

  remove(serverId: ServerId, incarnation: string): Promise<void> {
    return promised(() => {
      if (this.isAlive({ serverId, incarnation })) this.#servers.delete(serverId);
    });
  }

  list(): Promise<readonly ServerInfo[]> {
    return promised(() => [...this.#servers.entries()].map(([, server]) => server));
  }

  isAlive(life: { readonly serverId: ServerId; readonly incarnation: string }): boolean {
    return this.#servers.get(life.serverId)?.incarnation === life.incarnation;
  }
}
