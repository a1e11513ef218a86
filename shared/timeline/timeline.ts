import type { ChannelId } from '../domain/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { SyncedChannel } from '../protocol/frames.js';
import type { HistoryBody } from '../protocol/http.js';
import { readHistory, type HistoryQuery, type TimelineDeps } from './read-history.js';
import { syncChannel, type SyncAsk } from './sync-channel.js';

/** Channels of one request whose store is read at the same time. */
const CONCURRENCY = 8;

/** Reading what was said: pages for people, changes for devices. Whoever calls has checked that the reader is a member. */
export class Timeline {
  readonly #deps: TimelineDeps;

  constructor(deps: TimelineDeps) {
    this.#deps = deps;
  }

  history(channelId: ChannelId, query: HistoryQuery): Promise<HistoryBody> {
    return readHistory(this.#deps, channelId, query);
  }

  /** At most `LIMITS.syncChannels` asks; answers in their order. Rejects with UNAVAILABLE when the window is away. */
  async sync(asks: readonly SyncAsk[], limit: number = LIMITS.syncMessages): Promise<SyncedChannel[]> {
    const slices = await this.#deps.window.after(asks.map(({ channelId, after }) => ({ channelId, after, limit })));
    const answers: SyncedChannel[] = [];
    for (let start = 0; start < asks.length; start += CONCURRENCY) {
      const part = asks.slice(start, start + CONCURRENCY);
      const synced = part.map((ask, i) => {
        const slice = slices[start + i] ?? { events: [], archivedThrough: ask.after, more: false };
        return syncChannel(this.#deps, ask, { slice, limit });
      });
      answers.push(...(await Promise.all(synced)));
    }
    return answers;
  }
}
