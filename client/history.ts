import type { ChannelId } from '../shared/domain/ids.js';
import type { Message } from '../shared/domain/model.js';
import type { Api } from './api.js';
import type { ChannelFeed } from './channel-feed.js';
import type { Channels } from './channels.js';
import { WarrenError } from './errors.js';
import { giveUpRoom, makeRoom, oldestId } from './timeline.js';

export interface HistoryOptions {
  readonly api: Api;
  readonly channels: Channels;
  readonly pageSize: number;
  readonly onChange: (channelId: ChannelId) => void;
  /** Takes a page in. `first`: there is nothing older than it. */
  readonly onPage: (feed: ChannelFeed, messages: readonly Message[], page: { readonly first: boolean }) => void;
}

/** How many times the usual number of messages scrolling up may collect. */
const MOST_ROOM = 10;

/** Pages of older messages, for channels that somebody looks at. */
export class History {
  readonly #options: HistoryOptions;
  readonly #running = new Map<ChannelId, Promise<void>>();

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  /** Loads the newest page, once. */
  async open(channelId: ChannelId): Promise<void> {
    if (this.#options.channels.feed(channelId)?.opened === true) return;
    await this.#once(channelId, () => this.#loadNewest(channelId));
  }

  /** Loads the page before the oldest message at hand. Resolves with whether there is more. @throws WarrenError TIMELINE_FULL */
  async loadOlder(channelId: ChannelId): Promise<boolean> {
    await this.open(channelId);
    const feed = this.#options.channels.ensure(channelId);
    if (feed.timeline.from === '') return false;
    await this.#once(channelId, () => this.#loadBefore(feed));
    return feed.timeline.from !== '';
  }

  /** Nobody looks at the older messages any more: only the newest ones are kept. */
  release(channelId: ChannelId): void {
    const feed = this.#options.channels.feed(channelId);
    if (feed === undefined) return;
    feed.timeline = giveUpRoom(feed.timeline);
    this.#options.onChange(channelId);
  }

  #once(channelId: ChannelId, load: () => Promise<void>): Promise<void> {
    const running = this.#running.get(channelId);
    if (running !== undefined) return running;
    const loading = load().finally(() => this.#running.delete(channelId));
    this.#running.set(channelId, loading);
    return loading;
  }

  async #loadNewest(channelId: ChannelId): Promise<void> {
    const { api, channels, pageSize, onPage } = this.#options;
    const page = await api.history(channelId, { limit: pageSize });
    const feed = channels.ensure(channelId);
    feed.opened = true;
    onPage(feed, page.messages, { first: !page.more.before });
  }

  async #loadBefore(feed: ChannelFeed): Promise<void> {
    const { api, pageSize, onPage } = this.#options;
    const { limit, paged } = feed.timeline;
    if (paged + pageSize > limit * MOST_ROOM) throw new WarrenError('TIMELINE_FULL', 'Too many messages of this channel are held already');
    feed.timeline = makeRoom(feed.timeline, pageSize);
    const before = oldestId(feed.timeline);
    const page = await api.history(feed.channelId, { limit: pageSize, ...(before === undefined ? {} : { before }) });
    // What the page joins onto may have made room for newer messages meanwhile.
    if (oldestId(feed.timeline) !== before) return;
    onPage(feed, page.messages, { first: !page.more.before });
  }
}
