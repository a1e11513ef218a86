import { expect } from 'chai';
import { MemoryMessageStore } from '../../../shared/adapters/memory/message-store.js';
import { MemoryRecentWindow } from '../../../shared/adapters/memory/recent-window.js';
import type { ChatEvent, MessageEvent } from '../../../shared/domain/events.js';
import { NO_EVENT, type EventId } from '../../../shared/domain/ids.js';
import { Timeline } from '../../../shared/timeline/timeline.js';
import { ChannelScript } from '../../contract/message-fixtures.js';

describe('the timeline', () => {
  let window: MemoryRecentWindow;
  let messages: MemoryMessageStore;
  let timeline: Timeline;
  let script: ChannelScript;

  beforeEach(() => {
    window = new MemoryRecentWindow();
    messages = new MemoryMessageStore();
    timeline = new Timeline({ window, messages });
    script = new ChannelScript();
  });

  /** Acknowledged, and not in the store yet. */
  const append = (...events: readonly ChatEvent[]): Promise<void> =>
    window.append(events.map((event) => ({ channelId: event.channelId, id: event.id, bytes: Buffer.from(JSON.stringify(event)) })));

  const contents = async (limit = 50): Promise<string[]> =>
    (await timeline.history(script.channelId, { limit })).messages.map(({ content }) => content);

  describe('a message that travels again under a new event id, before the store has it', () => {
    let travelling: MessageEvent;
    beforeEach(async () => {
      const lost = script.message({ content: 'again' });
      await append(script.message({ content: 'other' }));
      travelling = script.resend(lost);
      await append(travelling);
    });

    it('is on the page of history, in the place of its own id', async () => {
      expect(await contents()).to.deep.equal(['again', 'other']);
    });

    it('is there with what has changed since', async () => {
      await append(script.edit(travelling.messageId ?? travelling.id, 'better'));
      expect(await contents()).to.deep.equal(['better', 'other']);
    });

    it('is found by its own id', async () => {
      const found = await timeline.message(script.channelId, travelling.messageId ?? travelling.id);
      expect(found).to.include({ content: 'again', updatedId: travelling.id });
    });

    it('is among the messages of a sync', async () => {
      const [answer] = await timeline.sync([{ channelId: script.channelId, after: NO_EVENT }]);
      expect(answer?.messages.map(({ content }) => content)).to.deep.equal(['other', 'again']);
    });
  });

  it('keeps what the store knows of a message that travels again', async () => {
    const message = script.message({ content: 'first' });
    await messages.apply([message, script.edit(message.id, 'better')]);
    await append(script.resend(message));
    expect(await contents()).to.deep.equal(['better']);
  });

  it('finds what happened to a message among many others, and to its comments', async () => {
    const message = script.message();
    await messages.apply([message]);
    await append(...script.messages(50), script.edit(message.id, 'better'), ...script.messages(50));
    const comment = script.message({ parentId: message.id });
    await append(comment);
    const found = await timeline.message(script.channelId, message.id);
    expect(found).to.deep.include({ content: 'better', updatedId: comment.id });
    expect(found?.comments?.count).to.equal(1);
  });

  it('has the newest messages, however many events the store is behind', async () => {
    const first = script.message();
    await append(first, ...Array.from({ length: 130 }, () => script.messages(100)).flat(), script.edit(first.id, 'better'));
    const last = script.message({ content: 'the newest' });
    await append(last);
    expect((await contents(1)).at(-1)).to.equal('the newest');
    expect(await timeline.message(script.channelId, first.id)).to.include({ content: 'better' });
    expect(await timeline.message(script.channelId, last.id)).to.include({ content: 'the newest' });
  });

  describe('a window that has lost its events', () => {
    it('does not pass for whole because an event was sent again into it', async () => {
      const again = script.message({ content: 'sent again' });
      const lost = script.message({ content: 'lost', prev: again.id });
      await messages.apply([again, lost]);
      await append({ ...again, prev: NO_EVENT });
      const [answer] = await timeline.sync([{ channelId: script.channelId, after: again.id }]);
      expect(answer?.messages.map(({ content }) => content)).to.deep.equal(['lost']);
    });

    it('answers for what was numbered since then without the store', async () => {
      const first = script.message();
      const second = script.message({ prev: first.id });
      await append(first, second, script.message({ content: 'third', prev: second.id }));
      messages.changedAfter = () => Promise.reject(new Error('the store was asked'));
      for (const after of [first.id, second.id]) {
        const [answer] = await timeline.sync([{ channelId: script.channelId, after }]);
        expect(answer?.error).to.equal(undefined);
        expect(answer?.messages.at(-1)?.content).to.equal('third');
      }
    });
  });

  describe('an answer to a sync', () => {
    /** Asks again as long as there is more; how many messages each answer had. */
    async function syncAll(maxBytes: number): Promise<{ readonly counts: number[]; readonly ids: string[] }> {
      const counts: number[] = [];
      const ids: string[] = [];
      for (let after: EventId = NO_EVENT, more = true; more;) {
        const [answer] = await timeline.sync([{ channelId: script.channelId, after }], { maxBytes });
        counts.push(answer?.messages.length ?? 0);
        ids.push(...(answer?.messages.map(({ id }) => id) ?? []));
        after = answer?.cursor ?? after;
        more = answer?.more ?? false;
      }
      return { counts, ids };
    }

    it('is bounded in bytes, and what is left out comes with the next ones', async () => {
      const events = Array.from({ length: 10 }, () => script.message({ content: '가'.repeat(10_000) }));
      await append(...events);
      const { counts, ids } = await syncAll(100_000);
      expect(ids).to.deep.equal(events.map(({ id }) => id));
      expect(counts).to.deep.equal([3, 3, 3, 1]);
    });

    it('has at least one message, however large', async () => {
      await append(script.message({ content: '가'.repeat(100_000) }), script.message({ content: '가'.repeat(100_000) }));
      expect((await syncAll(1_000)).counts).to.deep.equal([1, 1]);
    });
  });
});
