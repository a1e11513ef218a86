import type { ChannelId, EventId } from '../domain/ids.js';

export interface WindowEntry {
  readonly channelId: ChannelId;
  readonly id: EventId;
  /** The event's JSON. */
  readonly bytes: Uint8Array;
}

/** What was archived of one channel since the last mark. */
export interface ArchiveMark {
  readonly channelId: ChannelId;
  /** The largest archived id. */
  readonly through: EventId;
  readonly events: number;
  /** Of all these events together. */
  readonly bytes: number;
}

export interface WindowSlice {
  /** Events after the asked id, ascending. */
  readonly events: readonly { readonly id: EventId; readonly bytes: Uint8Array }[];
  /** The largest id that the archive has told this window is stored; '' when not known. */
  readonly archivedThrough: EventId;
  /** The slice is cut at `limit`: there is more. */
  readonly more: boolean;
  /**
   * False while there may be acked events that neither this window nor the store holds, because the window's data were
   * lost: whoever reads now must not believe that this is all.
   */
  readonly whole: boolean;
}

/**
 * The newest events of each channel, so that reads see an acked event before the store has it. An event is only dropped
 * once the archive has passed it (and then beyond some hundred events or 256 KiB a channel), or when the channel has been idle for a day. What was
 * appended or marked together may go together, so that somewhat more may stay.
 * Rejects with UNAVAILABLE.
 */
export interface RecentWindow {
  /**
   * Names the data set that window and sequencer are in, as this process knows it; '' while it does not. It changes when
   * data were lost: to be read before a reservation, and given to the append that follows.
   */
  readonly epoch: string;
  /**
   * Rejects with UNAVAILABLE, and appends nothing, when the data set is not that of `within` any more: its reservations
   * are forgotten, the next event's `prev` would not name these, and devices would pass them by.
   */
  append(entries: readonly WindowEntry[], within?: { readonly epoch: string }): Promise<void>;
  /** Ascending after `after`, at most `limit` a channel; order of the answers as asked. */
  after(
    asks: readonly { readonly channelId: ChannelId; readonly after: EventId; readonly limit: number }[],
  ): Promise<readonly WindowSlice[]>;
  /** Which of these events the window holds. */
  holds(items: readonly { readonly channelId: ChannelId; readonly id: EventId }[]): Promise<readonly boolean[]>;
  /** Moves archived marks (one for a channel), never back, and drops what is archived and beyond the bounds. Called by the archiver some time after a write. */
  markArchived(marks: readonly ArchiveMark[]): Promise<void>;
  /** The bytes of the given events, undefined where the window does not hold them. */
  get(channelId: ChannelId, ids: readonly EventId[]): Promise<readonly (Uint8Array | undefined)[]>;
  /**
   * Persist partitions of which it is not known that their archive holds whatever the window of this data set lacks: all of
   * them, right after the data were lost.
   */
  unprovenPartitions(): Promise<{ readonly epoch: string; readonly partitions: readonly number[] }>;
  /**
   * Everything that had been committed to the partition when the data set of `epoch` was there already is archived. Does
   * nothing when the data set is another one by now.
   */
  markWhole(partition: number, epoch: string): Promise<void>;
}
