import { NO_EVENT, type EventId } from '../domain/ids.js';

/** The last `limit` ids that were added; the oldest one makes room. */
export class RecentIds {
  readonly #limit: number;
  readonly #ids = new Set<EventId>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  has(id: EventId): boolean {
    return this.#ids.has(id);
  }

  /** False when it was there already. */
  add(id: EventId): boolean {
    if (id === NO_EVENT || this.#ids.has(id)) return false;
    if (this.#ids.size >= this.#limit) {
      const [oldest] = this.#ids;
      if (oldest !== undefined) this.#ids.delete(oldest);
    }
    this.#ids.add(id);
    return true;
  }

  /** '' when there is none. */
  largestBelow(bound: EventId): EventId {
    let largest: EventId = NO_EVENT;
    for (const id of this.#ids) if (id < bound && id > largest) largest = id;
    return largest;
  }
}
