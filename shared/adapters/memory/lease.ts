import type { Lease } from '../../ports/index.js';
import { ExpiringMap, monotonicNow, type Now } from './expiring-map.js';
import { promised } from './promised.js';

const MAX_LEASES = 10_000;

export class MemoryLease implements Lease {
  readonly #holders: ExpiringMap<string, string>;

  constructor(options: { readonly now?: Now } = {}) {
    this.#holders = new ExpiringMap(MAX_LEASES, options.now ?? monotonicNow);
  }

  hold(name: string, holder: string, ttlMs: number): Promise<boolean> {
    return promised(() => {
      if ((this.#holders.get(name) ?? holder) !== holder) return false;
      this.#holders.set(name, holder, ttlMs);
      return true;
    });
  }

  release(name: string, holder: string): Promise<void> {
    return promised(() => {
      if (this.#holders.get(name) === holder) this.#holders.delete(name);
    });
  }
}
