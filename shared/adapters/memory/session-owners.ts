import type { SessionOwners } from '../../ports/index.js';
import { ExpiringMap, monotonicNow, type Now } from './expiring-map.js';
import { promised } from './promised.js';

const MAX_SESSIONS = 100_000;

export class MemorySessionOwners implements SessionOwners {
  readonly #owners: ExpiringMap<string, string>;

  constructor(options: { readonly now?: Now } = {}) {
    this.#owners = new ExpiringMap(MAX_SESSIONS, options.now ?? monotonicNow);
  }

  claim(sessionId: string, owner: string, ttlMs: number): Promise<string | undefined> {
    return promised(() => {
      const holder = this.#owners.get(sessionId) ?? owner;
      if (holder !== owner) return holder;
      this.#owners.set(sessionId, owner, ttlMs);
      return undefined;
    });
  }

  find(sessionId: string): Promise<string | undefined> {
    return promised(() => this.#owners.get(sessionId));
  }

  release(sessionId: string, owner: string): Promise<void> {
    return promised(() => {
      if (this.#owners.get(sessionId) === owner) this.#owners.delete(sessionId);
    });
  }
}
