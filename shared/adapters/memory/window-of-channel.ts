import { NO_EVENT, type EventId } from '../../domain/ids.js';

/** What an event costs beyond its bytes, about. */
const OVERHEAD_BYTES = 100;

interface Held {
  readonly id: EventId;
  readonly bytes: Uint8Array;
}

/** The newest events of one channel, ascending by id. */
export class WindowOfChannel {
  #events: Held[] = [];
  #archivedThrough: EventId = NO_EVENT;

  get size(): number {
    return this.#events.length;
  }

  get archivedThrough(): EventId {
    return this.#archivedThrough;
  }

  /** Returns the bytes that it costs: none when the event is held already. */
  add(id: EventId, bytes: Uint8Array): number {
    const at = this.#indexAfter(id);
    if (this.#events[at - 1]?.id === id) return 0;
    const held = { id, bytes };
    this.#events.splice(at, 0, held);
    return costOf(held);
  }

  after(id: EventId, limit: number): readonly Held[] {
    const from = this.#indexAfter(id);
    return this.#events.slice(from, from + limit);
  }

  get(id: EventId): Uint8Array | undefined {
    const held = this.#events[this.#indexAfter(id) - 1];
    return held?.id === id ? held.bytes : undefined;
  }

  markArchived(id: EventId): void {
    if (id > this.#archivedThrough) this.#archivedThrough = id;
  }

  /** Drops archived events beyond the bounds, oldest first (the newest stays, however large, unless none is to be kept); returns the bytes that it freed. */
  trim(bounds: { readonly keepEvents: number; readonly keepBytes: number }): number {
    let count = this.#events.length;
    let bytes = this.#events.reduce((sum, held) => sum + held.bytes.length, 0);
    let dropped = 0;
    for (const held of this.#events) {
      const fits = count <= bounds.keepEvents && (bytes <= bounds.keepBytes || count === 1);
      if (fits || held.id > this.#archivedThrough) break;
      count -= 1;
      bytes -= held.bytes.length;
      dropped += 1;
    }
    if (dropped === 0) return 0;
    const freed = this.#events.splice(0, dropped);
    return freed.reduce((sum, held) => sum + costOf(held), 0);
  }

  /** Where the first event after `id` is, or would be. */
  #indexAfter(id: EventId): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle] as Held).id <= id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function costOf(held: Held): number {
  return held.bytes.length + OVERHEAD_BYTES;
}
