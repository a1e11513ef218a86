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

    /** Once, between the read of the window and whatever is read after it. */
    const afterTheSlice = (happens: () => Promise<void>): void => {
      const read = window.after.bind(window);
      window.after = async (asks) => {
        const slices = await read(asks);
        window.after = read;
        await happens();
        return slices;
      };
    };

    const sync = async (after: EventId, bounds = {}) => (await timeline.sync([{ channelId: script.channelId, after }], bounds))[0];

    it('says what was before a change, which may be on its way still', async () => {
      const message = script.message();
      const missing = script.message({ prev: message.id });
      const edit = script.edit(message.id, 'better', { prev: missing.id });
      await append(message, edit);
      const answer = await sync(message.id);
      expect(answer?.links).to.deep.equal([{ id: edit.id, prev: missing.id }]);
      expect(answer?.messages.map(({ content }) => content)).to.deep.equal(['better']);
    });

    it('says that it has a change that was asked for by name, and others since', async () => {
      const message = script.message();
      const [first, second] = [script.edit(message.id, 'first', { prev: message.id }), script.edit(message.id, 'second')];
      await append(message, first, second);
      const [answer] = await timeline.sync([{ channelId: script.channelId, after: second.id, ids: [first.id] }]);
      expect(answer?.links).to.deep.equal([{ id: first.id, prev: message.id }]);
      expect(answer?.messages.map(({ content }) => content)).to.deep.equal(['second']);
    });

    describe('after the repair of a reaction that only the store has', () => {
      let first: MessageEvent;
      let message: MessageEvent;
      let repair: MessageEvent;
      beforeEach(async () => {
        first = script.message();
        message = script.message({ prev: first.id });
        const reaction = script.react(message.id, '👍', { prev: message.id });
        repair = { ...script.resend(message), prev: reaction.id, resync: true };
        await messages.apply([first, message, reaction]);
        await append(first, message, repair);
      });

      it('shows the message as the store has it, also to a device that has not had the message yet', async () => {
        for (const after of [first.id, message.id]) {
          const answer = await sync(after);
          const found = answer?.messages.find(({ id }) => id === message.id);
          expect([answer?.error, found?.updatedId, found?.reactions.map(({ emoji }) => emoji)]).to.deep.equal([
            undefined,
            repair.id,
            ['👍'],
          ]);
        }
      });

      it('is not all while the store is away', async () => {
        messages.getMany = () => Promise.reject(new Error('away'));
        const byName = { channelId: script.channelId, after: repair.id, ids: [repair.id] };
        const [answer, named] = [await sync(first.id), (await timeline.sync([byName]))[0]];
        expect([answer?.error, answer?.cursor]).to.deep.equal(['UNAVAILABLE', first.id]);
        expect([named?.error, named?.cursor]).to.deep.equal(['UNAVAILABLE', repair.id]);
      });
    });

    it('has a change that was asked for by name in its message, though it came after the rest was read', async () => {
      const message = script.message();
      const edit = script.edit(message.id, 'better', { prev: message.id });
      await append(message);
      afterTheSlice(() => append(edit));
      const [answer] = await timeline.sync([{ channelId: script.channelId, after: NO_EVENT, ids: [edit.id] }]);
      expect(answer?.links).to.deep.equal([{ id: edit.id, prev: message.id }]);
      expect(answer?.messages.map(({ content }) => content)).to.deep.equal(['better']);
    });

    describe('that reaches beyond a change which only a message asked for by name shows', () => {
      let message: MessageEvent;
      let missing: MessageEvent;
      let edit: ChatEvent;
      beforeEach(async () => {
        message = script.message();
        missing = script.message({ prev: message.id });
        edit = script.edit(message.id, 'better', { prev: missing.id });
        await append(message, script.message({ prev: edit.id }));
      });

      const ask = async () => (await timeline.sync([{ channelId: script.channelId, after: message.id, ids: [message.id] }]))[0];

      it('says what was before it', async () => {
        afterTheSlice(() => append(edit));
        const answer = await ask();
        expect(answer?.messages[0]).to.include({ id: message.id, updatedId: edit.id });
        expect(answer?.links).to.deep.equal([{ id: edit.id, prev: missing.id }]);
      });

      it('has the comment that its parent shows', async () => {
        const comment = script.message({ parentId: message.id });
        await append(script.message({ prev: comment.id }));
        afterTheSlice(() => append(comment));
        const answer = await ask();
        expect(answer?.messages.map(({ id }) => id)).to.include.members([message.id, comment.id]);
        expect(answer?.messages.find(({ id }) => id === message.id)?.updatedId).to.equal(comment.id);
      });

      it('has what the store got after the message had been read by name', async () => {
        const read = messages.changedAfter.bind(messages);
        messages.changedAfter = async (...args) => {
          await append(edit);
          await messages.apply([message, edit]);
          return read(...args);
        };
        expect((await ask())?.messages[0]).to.include({ id: message.id, updatedId: edit.id });
      });

      it('is not all when the window does not tell', async () => {
        afterTheSlice(() => messages.apply([message, edit]).then(() => undefined));
        expect((await ask())?.error).to.equal('UNAVAILABLE');
        await window.markArchived([{ channelId: script.channelId, through: edit.id, events: 1, bytes: 1 }]);
        expect((await ask())?.error).to.equal(undefined);
      });
    });

    it('that is a full page of the store has what the store does not have yet', async () => {
      const before = script.message();
      const unstored = script.message({ content: 'not stored yet' });
      const later = script.messages(3);
      await messages.apply([before, ...later]);
      await append(unstored);
      const answer = await sync(before.id, { limit: 3 });
      expect(answer?.messages.map(({ id }) => id)).to.deep.equal([unstored, ...later].map(({ id }) => id));
    });

    it('ends where the window ends, though the store has got more meanwhile', async () => {
      const [before, known, late, stored] = [script.message(), script.message(), script.message(), script.message()];
      await messages.apply([before, stored]);
      await append(known);
      const answer = await sync(before.id);
      expect(answer?.cursor).to.equal(known.id);
      await append(late);
      expect((await sync(answer?.cursor ?? NO_EVENT))?.messages.map(({ id }) => id)).to.include(late.id);
    });

    it('that is cut does not go past its end because a state is newer', async () => {
      const [one, two, three] = [script.message(), script.message(), script.message()];
      await append(one, two, three);
      const meanwhile = [script.message(), script.edit(one.id, 'better'), script.edit(two.id, '가'.repeat(100_000))];
      const read = messages.getMany.bind(messages);
      messages.getMany = async (...args) => {
        await append(...meanwhile);
        return read(...args);
      };
      const [answer] = await timeline.sync([{ channelId: script.channelId, after: two.id, ids: [one.id, two.id] }], { maxBytes: 10_000 });
      expect(answer?.messages.map(({ id }) => id)).to.deep.equal([three.id, one.id]);
      expect(answer).to.include({ cursor: three.id, more: true });
    });

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
