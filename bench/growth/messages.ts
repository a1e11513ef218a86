import { openSqliteMessageStore } from '../../shared/adapters/sqlite/message-store.js';
import type { MessageEvent } from '../../shared/domain/events.js';
import {
  IdClock,
  MAX_NODE,
  NO_EVENT,
  type ChannelId,
  type ClientId,
  type EventId,
  type MessageId,
  type UserId,
} from '../../shared/domain/ids.js';

const BATCH = 1_000;

export interface History {
  readonly channelId: ChannelId;
  readonly senderId: UserId;
  readonly count: number;
}

/** Puts a long conversation into the embedded store, as the archiver would. The ids, a millisecond apart and ending now; every thousandth is returned. */
export async function storeHistory(messagesUrl: string, { channelId, senderId, count }: History): Promise<readonly MessageId[]> {
  if (!messagesUrl.startsWith('sqlite:')) throw new Error('the history is written to the embedded store only');
  const store = openSqliteMessageStore(messagesUrl.slice('sqlite:'.length));
  let now = Date.now() - count;
  const ids = new IdClock({ node: MAX_NODE, now: () => (now += 1) });
  const marks: MessageId[] = [];
  let prev: EventId = NO_EVENT;
  try {
    for (let from = 0; from < count; from += BATCH) {
      const events: MessageEvent[] = [];
      for (let n = from; n < Math.min(count, from + BATCH); n++) {
        const id = ids.next() as EventId;
        const clientId = `history-${n}` as ClientId;
        events.push({ type: 'message', id, prev, channelId, senderId, clientId, createdAt: new Date(now).toISOString(), content: CONTENT });
        prev = id;
      }
      await store.apply(events);
      marks.push(prev);
    }
  } finally {
    await store.close();
  }
  return marks;
}

const CONTENT = 'A sentence of a hundred characters, as people write them when they talk about work and other things.';
