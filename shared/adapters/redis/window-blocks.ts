import { ID_LENGTH, idSlotEnd, type EventId } from '../../domain/ids.js';
import type { WindowEntry } from '../../ports/index.js';

type Event = Pick<WindowEntry, 'id' | 'bytes'>;

/** Events of one channel that are one member: ascending, of one slot of {@link idSlotEnd}. */
export type Block = readonly Event[];

export interface BlockBounds {
  readonly events: number;
  readonly bytes: number;
}

/** No JSON begins with it. */
const SEVERAL = 0;
const LENGTH_BYTES = 4;

/** Cuts a channel's events into blocks, in the order in which they come. An event that is larger than the bound is one by itself. */
export function toBlocks(entries: readonly Event[], bounds: BlockBounds): Block[] {
  const blocks: Event[][] = [];
  let open: Event[] = [];
  let [last, end, bytes] = ['', '', 0];
  for (const entry of entries) {
    const { id } = entry;
    bytes += entry.bytes.length;
    if (id > last && id < end && open.length < bounds.events && bytes <= bounds.bytes) {
      open.push(entry);
    } else {
      open = [entry];
      blocks.push(open);
      end = idSlotEnd(id);
      bytes = entry.bytes.length;
    }
    last = id;
  }
  return blocks;
}

/** Of the member that {@link writeMember} writes, in bytes. */
export function memberLength(block: Block): number {
  const [first] = block as [Event];
  if (isPlain(block)) return ID_LENGTH + first.bytes.length;
  let length = ID_LENGTH + 1;
  for (const { bytes } of block) length += LENGTH_BYTES + ID_LENGTH + bytes.length;
  return length;
}

/**
 * An event by itself is `<id><bytes>`. Several are `<id of the last>`, a zero byte, and for each the length of its bytes (u32, big-endian), its id and
 * its bytes. Returns where the member ends.
 */
export function writeMember(block: Block, into: Buffer, start: number): number {
  const last = block.at(-1) as Event;
  let at = start + into.write(last.id, start, 'latin1');
  if (isPlain(block)) {
    into.set(last.bytes, at);
    return at + last.bytes.length;
  }
  at = into.writeUInt8(SEVERAL, at);
  for (const { id, bytes } of block) {
    at = into.writeUInt32BE(bytes.length, at);
    at += into.write(id, at, 'latin1');
    into.set(bytes, at);
    at += bytes.length;
  }
  return at;
}

/** The events of a member, ascending; views of it. */
export function readMember(member: Buffer): Event[] {
  if (member[ID_LENGTH] !== SEVERAL) return [{ id: readId(member, 0), bytes: member.subarray(ID_LENGTH) }];
  const events: Event[] = [];
  for (let at = ID_LENGTH + 1; at < member.length;) {
    const start = at + LENGTH_BYTES + ID_LENGTH;
    const end = start + member.readUInt32BE(at);
    events.push({ id: readId(member, at + LENGTH_BYTES), bytes: member.subarray(start, end) });
    at = end;
  }
  return events;
}

function isPlain(block: Block): boolean {
  return block.length === 1 && block[0]?.bytes[0] !== SEVERAL;
}

function readId(member: Buffer, at: number): EventId {
  return member.toString('latin1', at, at + ID_LENGTH) as EventId;
}
