import type { ServerId } from '../../shared/domain/ids.js';

/** Longer than a server takes to count a new connection in its lease. */
const WINDOW_MS = 5_000;
const MAX_ENTRIES = 20_000;

/**
 * Who was sent where during the last seconds: the servers' own counts lag behind by as much. Without it, a burst of log-ins would all be sent to the same server. Bounded;
 * `now` is milliseconds of a clock that never goes back.
 */
export class RecentAssignments {
  readonly #entries: { readonly serverId: ServerId; readonly at: number }[] = [];

  add(serverId: ServerId, now: number): void {
    this.#forget(now);
    if (this.#entries.length < MAX_ENTRIES) this.#entries.push({ serverId, at: now });
  }

  /** Assignments per server; servers without any are missing. */
  counts(now: number): ReadonlyMap<ServerId, number> {
    this.#forget(now);
    const counts = new Map<ServerId, number>();
    for (const { serverId } of this.#entries) counts.set(serverId, (counts.get(serverId) ?? 0) + 1);
    return counts;
  }

  #forget(now: number): void {
    const kept = this.#entries.findIndex((entry) => entry.at > now - WINDOW_MS);
    this.#entries.splice(0, kept === -1 ? this.#entries.length : kept);
  }
}
