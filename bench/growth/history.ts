import type { RunningWarren } from '../arms/warren-arm.js';
import { Seed, type SeededUser } from '../cluster/seed.js';
import { spreadOf, type Spread } from '../compare/statistics.js';
import type { ChannelId, MessageId } from '../../shared/domain/ids.js';
import { storeHistory } from './messages.js';

export interface HistoryOptions {
  readonly few: number;
  readonly many: number;
  readonly pages: number;
}

export interface HistoryTimes {
  readonly fewMs: Spread;
  readonly manyMs: Spread;
}

interface Book {
  readonly channelId: ChannelId;
  readonly marks: readonly MessageId[];
  readonly timesMs: number[];
}

/** Pages of 50 from anywhere in a short and a long conversation, in turn, over the HTTP API as a client asks for them. */
export async function timeHistory(running: RunningWarren, options: HistoryOptions): Promise<HistoryTimes> {
  const { cluster } = running;
  const seed = Seed.of(cluster);
  const [reader] = (await seed.users(1)) as [SeededUser];
  const channels = await seed.channels([[reader], [reader]]);
  await seed.close();
  const books: Book[] = [];
  for (const [n, count] of [options.few, options.many].entries()) {
    const channelId = channels[n] as ChannelId;
    const marks = await storeHistory(cluster.backing.urls.messages, { channelId, senderId: reader.id, count });
    books.push({ channelId, marks, timesMs: [] });
  }
  const origin = `http://127.0.0.1:${cluster.layout.apis[0]?.port ?? 0}`;
  for (let page = -WARM_UP_PAGES; page < options.pages; page++)
    for (const book of books) {
      const ms = await timePage(origin, { book, token: reader.token });
      if (page >= 0) book.timesMs.push(ms);
    }
  const [few, many] = books.map(({ timesMs }) => spreadOf(timesMs)) as [Spread, Spread];
  return { fewMs: few, manyMs: many };
}

const WARM_UP_PAGES = 50;
const PAGE = 50;

async function timePage(origin: string, { book, token }: { readonly book: Book; readonly token: string }): Promise<number> {
  const before = book.marks[Math.floor(Math.random() * book.marks.length)] ?? '';
  const began = performance.now();
  const response = await fetch(`${origin}/v1/channels/${book.channelId}/messages?limit=${PAGE}&before=${before}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { messages } = (await response.json()) as { readonly messages?: readonly unknown[] };
  const ms = performance.now() - began;
  if (messages?.length !== PAGE) throw new Error(`a page of history came with ${response.status} and ${messages?.length ?? 'no'} messages`);
  return ms;
}
