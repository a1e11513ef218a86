import type { DeviceId, UserId } from '../../domain/ids.js';
import type { TicketStore } from '../../ports/index.js';
import { ExpiringMap, monotonicNow, type Now } from './expiring-map.js';
import { promised } from './promised.js';

interface Owner {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
}

const MAX_TICKETS = 100_000;
const MAX_REVOKED = 1_000_000;

export class MemoryTicketStore implements TicketStore {
  readonly #tickets: ExpiringMap<string, Owner>;
  readonly #revoked: ExpiringMap<DeviceId, true>;

  constructor(options: { readonly now?: Now } = {}) {
    const now = options.now ?? monotonicNow;
    this.#tickets = new ExpiringMap(MAX_TICKETS, now);
    this.#revoked = new ExpiringMap(MAX_REVOKED, now);
  }

  issue(ticket: string, owner: Owner, ttlMs: number): Promise<void> {
    return promised(() => this.#tickets.set(ticket, owner, ttlMs));
  }

  redeem(ticket: string): Promise<Owner | undefined> {
    return promised(() => {
      const owner = this.#tickets.get(ticket);
      this.#tickets.delete(ticket);
      return owner;
    });
  }

  revoke(deviceIds: readonly DeviceId[], ttlMs: number): Promise<void> {
    return promised(() => {
      for (const deviceId of deviceIds) this.#revoked.set(deviceId, true, ttlMs);
    });
  }

  revokedAmong(deviceIds: readonly DeviceId[]): Promise<ReadonlySet<DeviceId>> {
    return promised(() => new Set(deviceIds.filter((deviceId) => this.#revoked.get(deviceId) === true)));
  }
}
