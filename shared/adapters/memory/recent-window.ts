import { NO_EVENT, type ChannelId, type EventId } from '../../domain/ids.js';
import { ChatError } from '../../errors/chat-error.js';
import type { ArchiveMark, RecentWindow, WindowEntry, WindowSlice } from '../../ports/index.js';
import { promised } from './promised.js';
import { WindowOfChannel } from './window-of-channel.js';

export interface MemoryRecentWindowOptions {
  /** Archived events beyond these are dropped; default 300 events and 256 KiB a channel. */
  readonly keepEvents?: number;
  readonly keepBytes?: number;
  /** Of all channels together; default 256 MiB. Archived windows go first, then appends are refused. */
  readonly maxBytes?: number;
}

/** The windows of one process, least recently appended first. */
export class MemoryRecentWindow implements RecentWindow {
  /** It is lost with the process, and so is everybody who knew it. */
  readonly epoch = 'memory';
  readonly #channels = new Map<ChannelId, WindowOfChannel>();
  readonly #bounds: Required<MemoryRecentWindowOptions>;
  #bytes = 0;

  constructor(options: MemoryRecentWindowOptions = {}) {
    this.#bounds = { keepEvents: 300, keepBytes: 256 * 1024, maxBytes: 256 * 1024 * 1024, ...options };
  }

  append(entries: readonly WindowEntry[], within?: { readonly epoch: string }): Promise<void> {
    return promised(() => {
      if (within !== undefined && within.epoch !== this.epoch) throw new ChatError('UNAVAILABLE', { details: { reason: 'another epoch' } });
      this.#makeRoom(entries.reduce((sum, { bytes }) => sum + bytes.length, 0));
      for (const { channelId, id, bytes } of entries) {
        const channel = this.#channels.get(channelId) ?? new WindowOfChannel();
        this.#channels.delete(channelId);
        this.#channels.set(channelId, channel);
        this.#bytes += channel.add(id, bytes);
      }
    });
  }

  after(
    asks: readonly { readonly channelId: ChannelId; readonly after: EventId; readonly limit: number }[],
  ): Promise<readonly WindowSlice[]> {
    return promised(() =>
      asks.map(({ channelId, after, limit }) => {
        const channel = this.#channels.get(channelId);
        const events = channel?.after(after, limit + 1) ?? [];
        const archivedThrough = channel?.archivedThrough ?? NO_EVENT;
        return { events: events.slice(0, limit), archivedThrough, more: events.length > limit, whole: true };
      }),
    );
  }

  holds(items: readonly { readonly channelId: ChannelId; readonly id: EventId }[]): Promise<readonly boolean[]> {
    return promised(() => items.map(({ channelId, id }) => this.#channels.get(channelId)?.get(id) !== undefined));
  }

  markArchived(marks: readonly ArchiveMark[]): Promise<void> {
    return promised(() => {
      for (const { channelId, through } of marks) {
        // A channel whose window went is remembered all the same: its mark is what tells a device that a hole is one.
        const channel = this.#channels.get(channelId) ?? new WindowOfChannel();
        if (!this.#channels.has(channelId)) this.#channels.set(channelId, channel);
        channel.markArchived(through);
        this.#bytes -= channel.trim(this.#bounds);
      }
      this.#makeRoom(0);
    });
  }

  get(channelId: ChannelId, ids: readonly EventId[]): Promise<readonly (Uint8Array | undefined)[]> {
    return promised(() => ids.map((id) => this.#channels.get(channelId)?.get(id)));
  }

  /** Whoever loses this window loses the bus with it: there is nothing to wait for. */
  unprovenPartitions(): Promise<{ readonly epoch: string; readonly partitions: readonly number[] }> {
    return Promise.resolve({ epoch: this.epoch, partitions: [] });
  }

  markWhole(): Promise<void> {
    return Promise.resolve();
  }

  /** Drops what is archived, in the channels that were silent for longest. Throws UNAVAILABLE when that is not enough. */
  #makeRoom(bytes: number): void {
    const { maxBytes } = this.#bounds;
    for (const [channelId, channel] of this.#channels) {
      if (this.#bytes + bytes <= maxBytes && this.#channels.size < MAX_CHANNELS) return;
      this.#bytes -= channel.trim({ keepEvents: 0, keepBytes: 0 });
      if (channel.size === 0) this.#channels.delete(channelId);
    }
    if (this.#bytes + bytes > maxBytes) throw new ChatError('UNAVAILABLE', { details: { reason: 'the recent window is full' } });
  }
}

const MAX_CHANNELS = 200_000;
