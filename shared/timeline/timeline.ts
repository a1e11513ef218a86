import { NO_EVENT, type ChannelId, type MessageId } from '../domain/ids.js';
import type { Message } from '../domain/model.js';
import { ChatError } from '../errors/chat-error.js';
import { LIMITS } from '../protocol/limits.js';
import type { SyncedChannel } from '../protocol/frames.js';
import type { HistoryBody } from '../protocol/http.js';
import { cutAnswer } from './cut-answer.js';
import { readHistory, type HistoryQuery } from './read-history.js';
import { readMessages } from './read-messages.js';
import type { TimelineDeps } from './timeline-deps.js';
import { syncChannel, type SyncAsk } from './sync-channel.js';

/** Channels of one request whose store is read at the same time. */
const CONCURRENCY = 8;

const ANSWER_BYTES = 4 * 1024 * 1024;

export interface SyncBounds {
  /** Messages per channel. */
  readonly limit?: number | undefined;
  readonly maxBytes?: number | undefined;
}

/** Reading what was said: pages for people, changes for devices. Whoever calls has checked that the reader is a member. */
export class Timeline {
  readonly #deps: TimelineDeps;

  constructor(deps: TimelineDeps) {
    this.#deps = deps;
  }

  history(channelId: ChannelId, query: HistoryQuery): Promise<HistoryBody> {
    return readHistory(this.#deps, channelId, query);
  }

  /** One message as it is now. Rejects with UNAVAILABLE when it is not in the window and the store is away. */
  async message(channelId: ChannelId, messageId: MessageId): Promise<Message | undefined> {
    const { messages, storeAway } = await readMessages(this.#deps, channelId, [messageId]);
    const message = messages.get(messageId);
    if (message === undefined && storeAway) throw new ChatError('UNAVAILABLE', { details: { reason: 'message store' } });
    return message;
  }

  /**
   * At most `LIMITS.syncChannels` asks; answers in their order, together of about `maxBytes` or one message each. Rejects with UNAVAILABLE
   * when the window is away.
   */
  async sync(asks: readonly SyncAsk[], bounds: SyncBounds = {}): Promise<SyncedChannel[]> {
    const { limit = LIMITS.syncMessages, maxBytes = ANSWER_BYTES } = bounds;
    const slices = await this.#deps.window.after(asks.map(({ channelId, after }) => ({ channelId, after, limit })));
    const answers: SyncedChannel[] = [];
    for (let start = 0; start < asks.length; start += CONCURRENCY) {
      const part = asks.slice(start, start + CONCURRENCY);
      const synced = part.map((ask, i) => {
        const slice = slices[start + i] ?? { events: [], archivedThrough: ask.after, more: false, whole: false };
        return syncChannel(this.#deps, ask, { slice, limit });
      });
      answers.push(...(await Promise.all(synced)));
    }
    return answers.map((answer, i) => cutAnswer(answer, asks[i]?.after ?? NO_EVENT, maxBytes / asks.length));
  }
}
