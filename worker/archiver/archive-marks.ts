import type { ChatEvent } from '../../shared/domain/events.js';
import type { ChannelId, EventId } from '../../shared/domain/ids.js';
import type { ArchiveMark } from '../../shared/ports/index.js';

interface OpenMark extends ArchiveMark {
  through: EventId;
  events: number;
  bytes: number;
}

/** One mark per channel of these events, which have so many bytes together. */
export function marksOf(events: readonly ChatEvent[], bytes: number): readonly ArchiveMark[] {
  const marks = new Map<ChannelId, OpenMark>();
  const each = Math.ceil(bytes / Math.max(1, events.length));
  for (const { channelId, id } of events) {
    const mark = marks.get(channelId);
    if (mark === undefined) marks.set(channelId, { channelId, through: id, events: 1, bytes: each });
    else {
      if (id > mark.through) mark.through = id;
      mark.events += 1;
      mark.bytes += each;
    }
  }
  return [...marks.values()];
}
