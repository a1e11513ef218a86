import { ID_LENGTH, idSlotEnd, NO_EVENT, type ChannelId, type EventId } from '../../domain/ids.js';
import { ChatError } from '../../errors/chat-error.js';
import type { ArchiveMark, RecentWindow, WindowEntry, WindowSlice } from '../../ports/index.js';
import { WorkBytes } from '../../protocol/work-bytes.js';
import type { RedisArgument, RedisConnection } from './connection.js';
import { EPOCH_KEY, WHOLE_KEY } from './data-epoch.js';
import { loadScript } from './script.js';
import { memberLength, readMember, toBlocks, writeMember, type Block, type BlockBounds } from './window-blocks.js';

const APPEND = loadScript('append-2');
const MARK_ARCHIVED = loadScript('mark-archived-2');
const MARK_WHOLE = loadScript('mark-whole-2');

/** A window lives a day longer than its last append; the ttl is renewed by each process at most once an hour and channel. */
const RENEW_EVERY_MS = 3_600_000;
const TTL_MS = 24 * 3_600_000 + RENEW_EVERY_MS;
const MAX_RENEWALS = 200_000;
/** Channels of one call: Lua's stack bounds how many arguments a call from it may have. */
const MAX_MARKS = 1_000;

/** What comes before a channel in the key of its window. */
const WINDOWS_KEY = 'w:';
const MARKS_KEY = 'archived';
const MARKS_BEFORE_KEY = 'archived:before';

export interface RedisRecentWindowOptions {
  /** Archived events beyond these are dropped; default 300 events and 256 KiB a channel. */
  readonly keepEvents?: number;
  readonly keepBytes?: number;
  /** Persist partitions, each of which has to be found whole after a loss; none when left out: then the window always is. */
  readonly partitions?: number;
}

/** One of so many parts of what a window keeps is the most that one member is: the bounds are met to as much. */
const MEMBERS_KEPT = 10;
const MAX_MEMBER_BYTES = 16 * 1024;

/**
 * `w:<channel>` is a sorted set of members `<id>…`, all of score 0, so that ranges by member are ranges by id (`~` sorts after
 * everything that follows an id); `archived` has the archived marks by channel, and `archived:before` those that have not moved for a day or
 * two (see mark-archived-2). Trimming is paid by the archiver and not per append: what is not archived yet is never trimmed, and its bound is that
 * of the persist queues.
 *
 * Events of a channel that are appended together and were numbered within the same 8 ms are one member, under the last one's id (`Block`): what a
 * sorted set costs is paid by member. Whoever looks for an event therefore looks up to the end of its 8 ms.
 */
export class RedisRecentWindow implements RecentWindow {
  readonly #redis: RedisConnection;
  readonly #bounds: readonly [number, number];
  readonly #blockBounds: BlockBounds;
  readonly #partitions: number;
  readonly #renewals = new Map<ChannelId, number>();
  /** The driver copies an argument as soon as it is given. */
  readonly #place = new WorkBytes();

  constructor(redis: RedisConnection, options: RedisRecentWindowOptions = {}) {
    this.#redis = redis;
    const { keepEvents = 300, keepBytes = 256 * 1024 } = options;
    this.#bounds = [keepEvents, keepBytes];
    this.#blockBounds = { events: keepEvents / MEMBERS_KEPT, bytes: Math.min(MAX_MEMBER_BYTES, keepBytes / MEMBERS_KEPT) };
    this.#partitions = options.partitions ?? 0;
  }

  get epoch(): string {
    return this.#redis.epoch;
  }

  async append(entries: readonly WindowEntry[], within?: { readonly epoch: string }): Promise<void> {
    if (entries.length === 0) return;
    if (within?.epoch === '') throw otherData();
    const groups = groupByChannel(entries);
    const args: RedisArgument[] = [TTL_MS, within?.epoch ?? '', groups.size, this.#packGroups(groups)];
    if ((await this.#redis.run(APPEND, [EPOCH_KEY, WINDOWS_KEY], args)) === 1) return;
    void this.#redis.checkEpoch();
    throw otherData();
  }

  async after(
    asks: readonly { readonly channelId: ChannelId; readonly after: EventId; readonly limit: number }[],
  ): Promise<readonly WindowSlice[]> {
    if (asks.length === 0) return [];
    const pipeline = this.#redis.pipeline();
    for (const { channelId, after, limit } of asks) {
      const from = after === NO_EVENT ? '-' : `(${after}~`;
      pipeline.zrangebylexBuffer(this.#key(windowKey(channelId)), from, '+', 'LIMIT', 0, limit + 1);
    }
    const channelIds = asks.map(({ channelId }) => channelId);
    for (const key of [MARKS_KEY, MARKS_BEFORE_KEY]) pipeline.hmget(this.#key(key), ...channelIds);
    pipeline.hlen(this.#key(WHOLE_KEY));
    const replies = await this.#redis.execute(pipeline);
    const whole = (replies.at(-1) as number) >= this.#partitions && this.epoch !== '';
    const [marks, before] = replies.slice(asks.length) as (readonly (string | null)[])[];
    const members = await this.#completeCut(asks, replies.slice(0, asks.length) as Buffer[][]);
    return asks.map((ask, i) => toSlice(members[i] ?? [], { ask, mark: marks?.[i] ?? before?.[i], whole }));
  }

  async holds(items: readonly { readonly channelId: ChannelId; readonly id: EventId }[]): Promise<readonly boolean[]> {
    const found = await this.#find(items);
    return items.map(({ channelId, id }) => found.has(channelId + id));
  }

  async markArchived(marks: readonly ArchiveMark[]): Promise<void> {
    for (let start = 0; start < marks.length; start += MAX_MARKS) {
      const args = [TTL_MS, ...this.#bounds, packMarks(marks.slice(start, start + MAX_MARKS))];
      await this.#redis.run(MARK_ARCHIVED, [MARKS_KEY, WINDOWS_KEY], args);
    }
  }

  async get(channelId: ChannelId, ids: readonly EventId[]): Promise<readonly (Uint8Array | undefined)[]> {
    const found = await this.#find(ids.map((id) => ({ channelId, id })));
    return ids.map((id) => found.get(channelId + id));
  }

  async unprovenPartitions(): Promise<{ readonly epoch: string; readonly partitions: readonly number[] }> {
    await this.#redis.checkEpoch();
    const { epoch } = this;
    if (epoch === '') return { epoch, partitions: [] };
    const [whole] = (await this.#redis.execute(this.#redis.pipeline().hkeys(this.#key(WHOLE_KEY)))) as [readonly string[]];
    const all = Array.from({ length: this.#partitions }, (_, partition) => partition);
    return { epoch, partitions: all.filter((partition) => !whole.includes(String(partition))) };
  }

  async markWhole(partition: number, epoch: string): Promise<void> {
    await this.#redis.run(MARK_WHOLE, [EPOCH_KEY, WHOLE_KEY], [epoch, partition]);
  }

  /**
   * Members beyond a cut may have events from before it, if they are of the same 8 ms as the last member inside. Those of its own id are read once more:
   * an event that was appended twice may be the last of two, and the cut between them.
   */
  async #completeCut(asks: readonly { readonly channelId: ChannelId; readonly limit: number }[], replies: Buffer[][]): Promise<Buffer[][]> {
    const pipeline = this.#redis.pipeline();
    const cut: Buffer[][] = [];
    asks.forEach(({ channelId, limit }, i) => {
      const members = replies[i] as Buffer[];
      if (members.length <= limit) return;
      cut.push(members);
      const last = keyOf(members.at(-1) as Buffer);
      pipeline.zrangebylexBuffer(this.#key(windowKey(channelId)), `[${last}`, `(${idSlotEnd(last)}`);
    });
    if (cut.length === 0) return replies;
    const beyond = (await this.#redis.execute(pipeline)) as Buffer[][];
    cut.forEach((members, i) => members.push(...(beyond[i] as Buffer[])));
    return replies;
  }

  /** By channel and id: the bytes of those that there are. */
  async #find(items: readonly { readonly channelId: ChannelId; readonly id: EventId }[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const firsts = new Map<string, { readonly channelId: ChannelId; id: EventId }>();
    for (const { channelId, id } of items) {
      const slot = channelId + idSlotEnd(id);
      const first = firsts.get(slot);
      if (first === undefined) firsts.set(slot, { channelId, id });
      else if (id < first.id) first.id = id;
    }
    const found = new Map<string, Uint8Array>();
    if (firsts.size === 0) return found;
    const pipeline = this.#redis.pipeline();
    const asked = [...firsts.values()];
    for (const { channelId, id } of asked) pipeline.zrangebylexBuffer(this.#key(windowKey(channelId)), `[${id}`, `(${idSlotEnd(id)}`);
    const replies = (await this.#redis.execute(pipeline)) as Buffer[][];
    asked.forEach(({ channelId }, i) => {
      for (const { id, bytes } of (replies[i] as Buffer[]).flatMap(readMember)) {
        // Of an event that is there twice the same one as in a slice.
        if (!found.has(channelId + id)) found.set(channelId + id, bytes);
      }
    });
    return found;
  }

  /** The members as one argument, as the script reads it: the driver and Redis both pay for each argument. */
  #packGroups(groups: ReadonlyMap<ChannelId, readonly WindowEntry[]>): Buffer {
    const blocks = new Map<ChannelId, readonly Block[]>();
    let length = groups.size * (ID_LENGTH + 5);
    for (const [channelId, entries] of groups) {
      const cut = toBlocks(entries, this.#blockBounds);
      blocks.set(channelId, cut);
      for (const block of cut) length += 4 + memberLength(block);
    }
    const place = this.#place.take(length);
    const packed = Buffer.from(place.buffer, place.byteOffset, length);
    let at = 0;
    for (const [channelId, members] of blocks) {
      at += packed.write(channelId, at, 'latin1');
      at = packed.writeUInt8(this.#takeRenewal(channelId) ? 1 : 0, at);
      at = packed.writeUInt32BE(members.length, at);
      for (const block of members) {
        const start = at + 4;
        const end = writeMember(block, packed, start);
        packed.writeUInt32BE(end - start, at);
        at = end;
      }
    }
    return packed;
  }

  #key(key: string): string {
    return this.#redis.prefix + key;
  }

  #takeRenewal(channelId: ChannelId): boolean {
    const now = performance.now();
    const renewed = this.#renewals.get(channelId);
    if (renewed !== undefined && now - renewed < RENEW_EVERY_MS) return false;
    if (this.#renewals.size >= MAX_RENEWALS) this.#renewals.clear();
    this.#renewals.set(channelId, now);
    return true;
  }
}

function otherData(): ChatError {
  return new ChatError('UNAVAILABLE', { details: { reason: 'redis has lost its data' } });
}

function windowKey(channelId: ChannelId): string {
  return WINDOWS_KEY + channelId;
}

function keyOf(member: Buffer): EventId {
  return member.toString('latin1', 0, ID_LENGTH) as EventId;
}

function toSlice(
  members: readonly Buffer[],
  found: {
    readonly ask: { readonly after: EventId; readonly limit: number };
    readonly mark: string | null | undefined;
    readonly whole: boolean;
  },
): WindowSlice {
  const { after, limit } = found.ask;
  const events: { id: EventId; bytes: Uint8Array }[] = [];
  for (const event of members.flatMap(readMember).sort(byId)) {
    // The same event may have been appended twice with other bytes (its `prev` was not known the second time).
    if (event.id > after && events.at(-1)?.id !== event.id) events.push(event);
  }
  const archivedThrough = (found.mark?.slice(0, ID_LENGTH) ?? NO_EVENT) as EventId;
  const more = members.length > limit || events.length > limit;
  return { events: events.slice(0, limit), archivedThrough, more, whole: found.whole };
}

function byId(a: { readonly id: EventId }, b: { readonly id: EventId }): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

function groupByChannel(entries: readonly WindowEntry[]): Map<ChannelId, WindowEntry[]> {
  const groups = new Map<ChannelId, WindowEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.channelId);
    if (group === undefined) groups.set(entry.channelId, [entry]);
    else group.push(entry);
  }
  return groups;
}

function packMarks(marks: readonly ArchiveMark[]): Buffer {
  const packed = Buffer.allocUnsafe(marks.length * (2 * ID_LENGTH + 8));
  let at = 0;
  for (const { channelId, through, events, bytes } of marks) {
    at += packed.write(channelId, at, 'latin1');
    at += packed.write(through, at, 'latin1');
    at = packed.writeUInt32BE(events, at);
    at = packed.writeUInt32BE(bytes, at);
  }
  return packed;
}
