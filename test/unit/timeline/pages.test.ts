import { expect } from 'chai';
import { MemoryMessageStore } from '../../../shared/adapters/memory/message-store.js';
import { MemoryRecentWindow } from '../../../shared/adapters/memory/recent-window.js';
import type { HistoryBody } from '../../../shared/protocol/http.js';
import type { ChatError } from '../../../shared/errors/chat-error.js';
import type { MessageId } from '../../../shared/domain/ids.js';
import { readMessages } from '../../../shared/timeline/read-messages.js';
import { Timeline } from '../../../shared/timeline/timeline.js';
import { ChannelScript } from '../../contract/message-fixtures.js';

/** 300 KB in UTF-8. */
const LONG = '가'.repeat(100_000);

describe('a page of history of very long messages', () => {
  let timeline: Timeline;
  let script: ChannelScript;
  let ids: readonly MessageId[];
  beforeEach(async () => {
    const messages = new MemoryMessageStore();
    timeline = new Timeline({ window: new MemoryRecentWindow(), messages });
    script = new ChannelScript();
    const events = Array.from({ length: 30 }, () => script.message({ content: LONG }));
    ids = events.map(({ id }) => id);
    await messages.apply(events);
  });

  const page = (query: { readonly before?: string; readonly after?: string; readonly around?: string }): Promise<HistoryBody> =>
    timeline.history(script.channelId, { ...query, limit: 200 });
  const idsOf = ({ messages }: HistoryBody): readonly string[] => messages.map(({ id }) => id);

  it('is of about 4 MiB, and the pages before it bring the others', async () => {
    const newest = await page({});
    const older = await page({ before: newest.messages[0]?.id ?? '' });
    const oldest = await page({ before: older.messages[0]?.id ?? '' });
    expect([newest, older, oldest].map(({ messages, more }) => [messages.length, more.before])).to.deep.equal([
      [13, true],
      [13, true],
      [4, false],
    ]);
    expect([...idsOf(oldest), ...idsOf(older), ...idsOf(newest)]).to.deep.equal(ids);
  });

  it('goes on forwards as well', async () => {
    const first = await page({ after: '' });
    const second = await page({ after: idsOf(first).at(-1) ?? '' });
    expect([first.more.after, second.more.after]).to.deep.equal([true, true]);
    expect([...idsOf(first), ...idsOf(second)]).to.deep.equal(ids.slice(0, 26));
  });

  it('around a message has it, and leaves out none between its first and its last', async () => {
    const around = await page({ around: ids[15] ?? '' });
    const [first, last] = [ids.indexOf(around.messages[0]?.id as MessageId), ids.indexOf(around.messages.at(-1)?.id as MessageId)];
    expect(idsOf(around))
      .to.include(ids[15])
      .and.deep.equal(ids.slice(first, last + 1));
    expect(around.more).to.deep.equal({ before: true, after: true });
  });
});

describe('a channel whose archive is very far behind', () => {
  it('says so, for now, and is not read to its end', async () => {
    let reads = 0;
    const window = Object.assign(new MemoryRecentWindow(), {
      after: () => Promise.resolve([{ events: [], archivedThrough: '', more: ++reads < 100, whole: true }]),
    });
    const timeline = new Timeline({ window, messages: new MemoryMessageStore() });
    const error = await timeline.history(new ChannelScript().channelId, { limit: 50 }).catch((reason: unknown) => reason as ChatError);
    expect([error, reads]).to.deep.include(20);
    expect(error).to.include({ code: 'UNAVAILABLE', temporary: true });
  });
});

describe('messages asked for by name', () => {
  it('are 500 at most', async () => {
    let asked = 0;
    const messages = Object.assign(new MemoryMessageStore(), {
      getMany: (_: unknown, wanted: readonly string[]) => Promise.resolve([]).then((none) => ((asked = wanted.length), none)),
    });
    const script = new ChannelScript();
    const names = Array.from({ length: 600 }, () => script.message().id);
    await readMessages({ window: new MemoryRecentWindow(), messages }, script.channelId, names);
    expect(asked).to.equal(500);
  });
});

describe('a message that is archived, and leaves the window, while it is read', () => {
  it('is found by its id, and on pages in both directions', async () => {
    const script = new ChannelScript();
    const event = script.message({ content: 'acknowledged' });
    const readers: readonly ((timeline: Timeline) => Promise<readonly string[]>)[] = [
      async (timeline) => [(await timeline.message(script.channelId, event.id))?.content ?? 'not found'],
      async (timeline) => (await timeline.history(script.channelId, { limit: 50 })).messages.map(({ content }) => content),
      async (timeline) => (await timeline.history(script.channelId, { after: '', limit: 50 })).messages.map(({ content }) => content),
    ];
    for (const read of readers) {
      const messages = new MemoryMessageStore();
      const window = Object.assign(new MemoryRecentWindow(), {
        after: async () => {
          await new Promise((resolve) => setImmediate(resolve));
          await messages.apply([event]);
          return [{ events: [], archivedThrough: event.id, more: false, whole: true }];
        },
      });
      expect(await read(new Timeline({ window, messages }))).to.deep.equal(['acknowledged']);
    }
  });
});
