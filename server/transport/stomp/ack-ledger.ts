import type { ChannelId, EventId } from '../../../shared/domain/ids.js';

export type AckMode = 'auto' | 'client' | 'client-individual';

interface Entry {
  readonly channelId: ChannelId;
  readonly position: EventId;
  acked: boolean;
}

/** What one subscription has been told and has not acknowledged, oldest first. */
export class AckLedger {
  readonly #cumulative: boolean;
  readonly #entries = new Map<string, Entry>();

  constructor(mode: Exclude<AckMode, 'auto'>) {
    this.#cumulative = mode === 'client';
  }

  get size(): number {
    return this.#entries.size;
  }

  has(messageId: string): boolean {
    return this.#entries.has(messageId);
  }

  add(messageId: string, entry: { readonly channelId: ChannelId; readonly position: EventId }): void {
    this.#entries.set(messageId, { ...entry, acked: false });
  }

  /** How far the channels' cursors move by it: past nothing that is not acknowledged. In mode `client` it stands for everything before it, too. */
  ack(messageId: string): ReadonlyMap<ChannelId, EventId> {
    if (!this.#entries.has(messageId)) return new Map();
    for (const [id, entry] of this.#entries) {
      if (this.#cumulative || id === messageId) entry.acked = true;
      if (id === messageId) break;
    }
    return this.#settle();
  }

  #settle(): ReadonlyMap<ChannelId, EventId> {
    const moves = new Map<ChannelId, EventId>();
    const blocked = new Set<ChannelId>();
    for (const [id, { channelId, position, acked }] of this.#entries) {
      if (!acked) blocked.add(channelId);
      else if (!blocked.has(channelId)) {
        this.#entries.delete(id);
        if (position > (moves.get(channelId) ?? '')) moves.set(channelId, position);
      }
    }
    return moves;
  }
}
