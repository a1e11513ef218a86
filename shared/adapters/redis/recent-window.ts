import { ID_LENGTH, NO_EVENT, type ChannelId, type EventId } from '../../domain/ids.js';
import { ChatError } from '../../errors/chat-error.js';
import type { ArchiveMark, RecentWindow, WindowEntry, WindowSlice } from '../../ports/index.js';
import { WorkBytes } from '../../protocol/work-bytes.js';
import type { RedisArgument, RedisConnection } from './connection.js';
import { EPOCH_KEY, WHOLE_KEY } from './data-epoch.js';
import { loadScript } from './script.js';

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

/**
 * `w:<channel>` is a sorted set of members `<id><JSON>`, all of score 0, so that ranges by member are ranges by id (`~` sorts after
 * everything that follows an id); `archived` has the archived marks by channel, and `archived:before` those that have not moved for a day or
 * two (see mark-archived-2). Trimming is paid by the archiver and not per append: what is not archived yet is never trimmed, and its bound is that
 * of the persist queues.
 */
export class RedisRecentWindow implements RecentWindow {
  readonly #redis: RedisConnection;
  readonly #bounds: readonly [number, number];
  readonly #partitions: number;
  readonly #renewals = new Map<ChannelId, number>();
  /** The driver copies an argument as soon as it is given. */
  readonly #place = new WorkBytes();

  constructor(redis: RedisConnection, options: RedisRecentWindowOptions = {}) {
    this.#redis = redis;
    this.#bounds = [options.keepEvents ?? 300, options.keepBytes ?? 256 * 1024];
    this.#partitions = options.partitions ?? 0;
  }

  get epoch(): string {
    return this.#redis.epoch;
  }

  async append(entries: readonly WindowEntry[], within?: { readonly epoch: string }): Promise<void> {
    if (entries.length === 0) return;
    if (within?.epoch === '') throw otherData();
    const groups = groupByChannel(entries);
    const packed = this.#packEntries(groups);
    const args: RedisArgument[] = [TTL_MS, within?.epoch ?? '', groups.size, packed];
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
    return asks.map(({ limit }, i) => toSlice(replies[i] as Buffer[], { mark: marks?.[i] ?? before?.[i], limit, whole }));
  }

  async holds(items: readonly { readonly channelId: ChannelId; readonly id: EventId }[]): Promise<readonly boolean[]> {
    if (items.length === 0) return [];
    const pipeline = this.#redis.pipeline();
    for (const { channelId, id } of items) pipeline.zlexcount(this.#key(windowKey(channelId)), `[${id}`, `(${id}~`);
    return ((await this.#redis.execute(pipeline)) as number[]).map((count) => count > 0);
  }

  async markArchived(marks: readonly ArchiveMark[]): Promise<void> {
    for (let start = 0; start < marks.length; start += MAX_MARKS) {
      const args = [TTL_MS, ...this.#bounds, packMarks(marks.slice(start, start + MAX_MARKS))];
      await this.#redis.run(MARK_ARCHIVED, [MARKS_KEY, WINDOWS_KEY], args);
    }
  }

  async get(channelId: ChannelId, ids: readonly EventId[]): Promise<readonly (Uint8Array | undefined)[]> {
    if (ids.length === 0) return [];
    const pipeline = this.#redis.pipeline();
    for (const id of ids) pipeline.zrangebylexBuffer(this.#key(windowKey(channelId)), `[${id}`, `(${id}~`, 'LIMIT', 0, 1);
    const replies = (await this.#redis.execute(pipeline)) as Buffer[][];
    return replies.map(([member]) => member?.subarray(ID_LENGTH));
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

  /** The members as one argument, as the script reads it: the driver and Redis both pay for each argument. */
  #packEntries(groups: ReadonlyMap<ChannelId, readonly WindowEntry[]>): Buffer {
    let length = groups.size * (ID_LENGTH + 5);
    for (const entries of groups.values()) for (const { bytes } of entries) length += 4 + ID_LENGTH + bytes.length;
    const place = this.#place.take(length);
    const packed = Buffer.from(place.buffer, place.byteOffset, length);
    let at = 0;
    for (const [channelId, entries] of groups) {
      at += packed.write(channelId, at, 'latin1');
      at = packed.writeUInt8(this.#takeRenewal(channelId) ? 1 : 0, at);
      at = packed.writeUInt32BE(entries.length, at);
      for (const { id, bytes } of entries) {
        at = packed.writeUInt32BE(ID_LENGTH + bytes.length, at);
        at += packed.write(id, at, 'latin1');
        packed.set(bytes, at);
        at += bytes.length;
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

function toSlice(
  members: readonly Buffer[],
  found: { readonly mark: string | null | undefined; readonly limit: number; readonly whole: boolean },
): WindowSlice {
  const events: { id: EventId; bytes: Uint8Array }[] = [];
  for (const member of members.slice(0, found.limit)) {
    const id = member.toString('latin1', 0, ID_LENGTH) as EventId;
    // The same event may have been appended twice with other bytes (its `prev` was not known the second time).
    if (events.at(-1)?.id !== id) events.push({ id, bytes: member.subarray(ID_LENGTH) });
  }
  const archivedThrough = (found.mark?.slice(0, ID_LENGTH) ?? NO_EVENT) as EventId;
  return { events, archivedThrough, more: members.length > found.limit, whole: found.whole };
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
