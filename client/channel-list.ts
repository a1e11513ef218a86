import { NO_EVENT, type ChannelId, type EventId, type UserId } from '../shared/domain/ids.js';
import type { Api } from './api.js';
import type { CatchUp } from './catch-up.js';
import type { ChannelFeed } from './channel-feed.js';
import type { Channels } from './channels.js';
import type { ClientEvents } from './client-events.js';
import type { Emitter } from './emitter.js';
import { toWarrenError, type WarrenError } from './errors.js';
import type { Receipts } from './receipts.js';
import type { Schedule } from './schedule.js';

export interface ChannelListOptions {
  readonly api: Api;
  readonly schedule: Schedule;
  readonly channels: Channels;
  readonly emitter: Emitter<ClientEvents>;
  readonly receipts: Receipts;
  readonly me: () => UserId | undefined;
  readonly catchUp: () => CatchUp;
  readonly onFresh: () => void;
}

const BACKOFF = { baseMs: 1_000, capMs: 30_000 };

/** Keeps the list of channels that of the server: asked for after each hello, and one by one where something unknown shows up. */
export class ChannelList {
  readonly #options: ChannelListOptions;
  readonly #fetching = new Set<ChannelId>();
  /** Came up while the list was on its way: it may not be in it. */
  readonly #recent = new Set<ChannelId>();
  #turn = 0;
  #fresh = false;
  #cancelRetry: () => void = () => undefined;

  constructor(options: ChannelListOptions) {
    this.#options = options;
  }

  /** The list has been fetched since it was last asked to refresh. */
  get fresh(): boolean {
    return this.#fresh;
  }

  refresh(): void {
    this.#fresh = false;
    this.#tryRefresh(++this.#turn, 0);
  }

  /** No more answers, no more retries. */
  cancel(): void {
    this.#turn += 1;
    this.#cancelRetry();
    this.#fetching.clear();
  }

  /** Begins to follow a channel that was joined just now. */
  follow(channelId: ChannelId): ChannelFeed {
    const { channels, catchUp } = this.#options;
    if (!this.#fresh) this.#recent.add(channelId);
    const feed = channels.ensure(channelId, 'now');
    catchUp().begin([channelId]);
    return feed;
  }

  /** The user is not a member any more. */
  drop(channelId: ChannelId): void {
    const { channels, catchUp, receipts, emitter } = this.#options;
    this.#recent.delete(channelId);
    receipts.forget(channelId);
    catchUp().forget(channelId);
    if (!channels.remove(channelId)) return;
    emitter.emit('channel', { action: 'left', channelId });
    emitter.emit('channels', channels.list);
  }

  fetch(channelId: ChannelId): void {
    if (this.#fetching.has(channelId)) return;
    this.#fetching.add(channelId);
    const turn = this.#turn;
    this.#fetch(channelId, turn).catch((error: unknown) => {
      this.#fetching.delete(channelId);
      if (turn === this.#turn) this.#onFetchFailed(channelId, toWarrenError(error));
    });
  }

  async #fetch(channelId: ChannelId, turn: number): Promise<void> {
    const { api, channels, emitter } = this.#options;
    const { channel } = await api.getChannel(channelId);
    this.#fetching.delete(channelId);
    if (turn !== this.#turn) return;
    const known = channels.info(channelId) !== undefined;
    channels.put(channel);
    emitter.emit('channel', { action: known ? 'updated' : 'joined', channelId, channel });
    emitter.emit('channels', channels.list);
  }

  #onFetchFailed(channelId: ChannelId, error: WarrenError): void {
    if (error.code === 'FORBIDDEN' || error.code === 'NOT_FOUND') this.drop(channelId);
    else this.#options.emitter.emit('error', { error, during: 'listing' });
  }

  #tryRefresh(turn: number, attempt: number): void {
    const { schedule, emitter } = this.#options;
    this.#cancelRetry();
    this.#recent.clear();
    this.#load(turn).catch((caught: unknown) => {
      if (turn !== this.#turn) return;
      const error = toWarrenError(caught);
      emitter.emit('error', { error, during: 'listing' });
      const waitMs = Math.max(error.retryAfterMs ?? 0, schedule.jitter(attempt, BACKOFF));
      if (error.temporary) this.#cancelRetry = schedule.after(waitMs, () => this.#tryRefresh(turn, attempt + 1));
    });
  }

  async #load(turn: number): Promise<void> {
    const { api, channels, emitter, catchUp, onFresh } = this.#options;
    const askedAt = channels.serverNow;
    const { channels: found } = await api.listChannels();
    if (turn !== this.#turn) return;
    const fresh = found.filter(({ id }) => channels.feed(id) === undefined).map(({ id }) => id);
    for (const { read: _, ...info } of found) channels.put(info);
    for (const id of fresh) channels.ensure(id);
    catchUp().begin(fresh);
    this.#adoptRead(found);
    this.#dropMissing(new Set(found.map(({ id }) => id)));
    channels.markListed(askedAt);
    this.#fresh = true;
    emitter.emit('channels', channels.list);
    onFresh();
  }

  /** What was read on another device while this one was away. */
  #adoptRead(found: readonly { readonly id: ChannelId; readonly read?: EventId | undefined }[]): void {
    const { receipts, me } = this.#options;
    const userId = me();
    if (userId === undefined) return;
    for (const { id, read = NO_EVENT } of found) if (read !== NO_EVENT) receipts.merge(id, [{ userId, delivered: read, read }]);
  }

  #dropMissing(found: ReadonlySet<ChannelId>): void {
    const { channels } = this.#options;
    const known = new Set([...channels.ids, ...channels.list.map(({ id }) => id)]);
    for (const id of known) if (!found.has(id) && !this.#recent.has(id)) this.drop(id);
  }
}
