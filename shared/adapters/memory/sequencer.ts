import { NO_EVENT, type ChannelId, type EventId } from '../../domain/ids.js';
import type { Reservation, Reserved, Sequencer } from '../../ports/index.js';
import { ExpiringMap, monotonicNow, type Now } from './expiring-map.js';
import { promised } from './promised.js';

const LAST_ID_TTL_MS = 7 * 24 * 3_600_000;
/** Beyond these the oldest is forgotten: an unknown channel is seeded again, a forgotten send is decided by the store. */
const MAX_CHANNELS = 200_000;
const MAX_CLAIMS = 500_000;

export interface MemorySequencerOptions {
  readonly dedupeTtlMs?: number;
  readonly now?: Now;
}

interface Last {
  readonly id: EventId;
  /** Given out here; else there may be a later one. */
  readonly own: boolean;
  readonly prev: EventId;
}

/** One order for all servers that share this object. */
export class MemorySequencer implements Sequencer {
  readonly #lastIds: ExpiringMap<ChannelId, Last>;
  readonly #claims: ExpiringMap<string, EventId>;
  readonly #dedupeTtlMs: number;

  constructor(options: MemorySequencerOptions = {}) {
    const now = options.now ?? monotonicNow;
    this.#lastIds = new ExpiringMap(MAX_CHANNELS, now);
    this.#claims = new ExpiringMap(MAX_CLAIMS, now);
    this.#dedupeTtlMs = options.dedupeTtlMs ?? 600_000;
  }

  reserve(items: readonly Reservation[]): Promise<readonly Reserved[]> {
    return promised(() => {
      const refused = new Map<ChannelId, Reserved>();
      return items.map((item) => {
        const answer = refused.get(item.channelId) ?? this.#reserveOne(item);
        if (answer.status === 'behind' || answer.status === 'unknown') refused.set(item.channelId, answer);
        return answer;
      });
    });
  }

  advance(items: readonly { readonly channelId: ChannelId; readonly id: EventId }[]): Promise<void> {
    return promised(() => {
      for (const { channelId, id } of items) {
        if (this.#lastIds.get(channelId) !== undefined) continue;
        this.#lastIds.set(channelId, { id, own: false, prev: NO_EVENT }, LAST_ID_TTL_MS);
      }
    });
  }

  #reserveOne({ channelId, senderId, clientId, proposed, again }: Reservation): Reserved {
    const last = this.#lastIds.get(channelId);
    if (last === undefined) return { status: 'unknown' };
    const claim = `${channelId}:${senderId}:${clientId}`;
    const holder = again === true ? undefined : this.#claims.get(claim);
    if (holder !== undefined) return { status: 'duplicate', id: holder, latest: last.id, prev: holder === last.id ? last.prev : NO_EVENT };
    if (last.id !== NO_EVENT && proposed <= last.id) return { status: 'behind', latest: last.id };
    if (again !== true) this.#claims.set(claim, proposed, this.#dedupeTtlMs);
    const prev = last.own ? last.id : NO_EVENT;
    this.#lastIds.set(channelId, { id: proposed, own: true, prev }, LAST_ID_TTL_MS);
    return { status: 'reserved', prev };
  }
}
