import { formatId, idTime, type ChannelId, type EventId } from '../shared/domain/ids.js';
import type { ChannelFrame } from '../shared/protocol/frames.js';
import type { ChannelBody } from '../shared/protocol/http.js';
import { ChannelFeed } from './channel-feed.js';
import type { Keep } from './storage.js';
import type { Schedule } from './schedule.js';

/** A channel this user is a member of. `peerId` is the other one of a dm. */
export type ChannelInfo = ChannelBody['channel'];

export interface ChannelsOptions {
  readonly schedule: Schedule;
  readonly keep: Keep;
  readonly messagesPerChannel: number;
}

export const CURSOR_PREFIX = 'cursor.';
export const LISTED_KEY = 'listed-at';
/** Clocks of two servers may differ by this much, and more; ms. */
const MARGIN_MS = 5 * 60_000;
/** Cursors are written together, this long after the first of them moved; ms. */
const WRITE_DELAY_MS = 250;

/** The channels of this device, what it has of each, and the cursors that outlive it. */
export class Channels {
  readonly #options: ChannelsOptions;
  readonly #infos = new Map<ChannelId, ChannelInfo>();
  readonly #feeds = new Map<ChannelId, ChannelFeed>();
  readonly #cursors = new Map<ChannelId, EventId>();
  readonly #written = new Map<ChannelId, EventId>();
  readonly #moved = new Set<ChannelId>();
  /** Server's clock minus this device's; ms. */
  #offsetMs = 0;
  /** Up to this moment (server's time) this device knew of all its channels. */
  #listedAt = 0;
  #timeKnown = false;
  #list: readonly ChannelInfo[] | undefined;
  #writeQueued = false;

  constructor(options: ChannelsOptions) {
    this.#options = options;
  }

  get list(): readonly ChannelInfo[] {
    this.#list ??= [...this.#infos.values()];
    return this.#list;
  }

  get serverNow(): number {
    return this.#options.schedule.now() + this.#offsetMs;
  }

  get feeds(): Iterable<ChannelFeed> {
    return this.#feeds.values();
  }

  get ids(): readonly ChannelId[] {
    return [...this.#feeds.keys()];
  }

  info(channelId: ChannelId): ChannelInfo | undefined {
    return this.#infos.get(channelId);
  }

  feed(channelId: ChannelId): ChannelFeed | undefined {
    return this.#feeds.get(channelId);
  }

  restore(kept: ReadonlyMap<string, string>): void {
    for (const [key, value] of kept) {
      if (key.startsWith(CURSOR_PREFIX)) this.#cursors.set(key.slice(CURSOR_PREFIX.length) as ChannelId, value as EventId);
    }
    this.#listedAt = Number(kept.get(LISTED_KEY) ?? 0);
  }

  /** A device that has no cursors yet begins with the moment of its login: `deviceId` was made then, by the server's clock. */
  beginAt(deviceId: string): void {
    this.#listedAt = Math.max(this.#listedAt, idTime(deviceId));
  }

  setServerTime(serverTime: string): void {
    const time = Date.parse(serverTime);
    if (Number.isNaN(time)) return;
    this.#offsetMs = time - this.#options.schedule.now();
    this.#timeKnown = true;
  }

  /** All channels were known at this moment of the server's clock. */
  markListed(serverNow: number): void {
    this.#listedAt = Math.max(this.#listedAt, serverNow);
    this.#options.keep.set(LISTED_KEY, String(this.#listedAt));
  }

  /** The channel's feed; a new one resumes from its kept cursor, else it begins now or with the last listing (by the server's clock). */
  ensure(channelId: ChannelId, start: 'now' | 'last-listing' = 'last-listing'): ChannelFeed {
    const known = this.#feeds.get(channelId);
    if (known !== undefined) return known;
    const cursor =
      this.#cursors.get(channelId) ?? startOf((start === 'now' && this.#timeKnown ? this.serverNow : this.#listedAt) - MARGIN_MS);
    const feed = new ChannelFeed(channelId, { cursor, limit: this.#options.messagesPerChannel });
    this.#feeds.set(channelId, feed);
    return feed;
  }

  put(info: ChannelInfo): void {
    this.#infos.set(info.id, { ...this.#infos.get(info.id), ...info });
    this.#list = undefined;
  }

  applyFrame(frame: ChannelFrame): void {
    if (frame.action === 'left') this.remove(frame.channelId);
    else if (frame.channel !== undefined) this.put(frame.channel);
  }

  /** Forgets the channel, its messages and its cursor; false when it was not known. */
  remove(channelId: ChannelId): boolean {
    const known = this.#infos.delete(channelId);
    const had = this.#feeds.delete(channelId);
    this.#list = undefined;
    this.#moved.delete(channelId);
    this.#written.delete(channelId);
    if (this.#cursors.delete(channelId)) this.#options.keep.delete(CURSOR_PREFIX + channelId);
    return known || had;
  }

  /** To be called after a feed took something in: its cursor may have moved. */
  noteCursor(feed: ChannelFeed): void {
    const { channelId } = feed;
    if (this.#cursors.get(channelId) === feed.chain.cursor) return;
    this.#cursors.set(channelId, feed.chain.cursor);
    this.#moved.add(channelId);
    if (this.#writeQueued) return;
    this.#writeQueued = true;
    this.#options.schedule.after(WRITE_DELAY_MS, () => this.writeCursors());
  }

  writeCursors(): void {
    this.#writeQueued = false;
    for (const channelId of this.#moved) {
      const cursor = this.#cursors.get(channelId);
      if (cursor === undefined || cursor === this.#written.get(channelId)) continue;
      this.#written.set(channelId, cursor);
      this.#options.keep.set(CURSOR_PREFIX + channelId, cursor);
    }
    this.#moved.clear();
  }

  /** Another user's, or nobody's, from now on. */
  clear(): void {
    for (const channelId of new Set([...this.#cursors.keys(), ...this.#infos.keys()])) this.remove(channelId);
    this.#feeds.clear();
    this.#listedAt = 0;
    this.#options.keep.delete(LISTED_KEY);
  }
}

/** Smaller than every id of that moment and later. */
function startOf(ms: number): EventId {
  return formatId(Math.max(idTime('0000000000000'), ms), 0, 0) as EventId;
}
