import { expect } from 'chai';
import { messageFromEvent, type MessageEvent } from '../../shared/domain/events.js';
import { NO_EVENT, type ChannelId, type ClientId, type EventId } from '../../shared/domain/ids.js';
import type { Message } from '../../shared/domain/model.js';
import type { MessageStore } from '../../shared/ports/message-store.js';
import { ChannelScript, type OpenStore } from './message-fixtures.js';
import { newId } from './people-fixtures.js';

export function describeReads(open: () => Promise<OpenStore>): void {
  describe('reads', () => {
    let opened: OpenStore;
    let store: MessageStore;
    let script: ChannelScript;
    let events: readonly MessageEvent[];
    before(async () => {
      opened = await open();
      store = opened.store;
    });
    beforeEach(async () => {
      script = new ChannelScript();
      events = script.messages(5);
      await store.apply([...events, ...new ChannelScript().messages(2)]);
    });
    after(() => opened.close());

    const at = (index: number): EventId => events[index]!.id;
    const idsOf = (messages: readonly Message[]): EventId[] => messages.map((message) => message.id);
    const changedAfter = async (after: EventId, limit = 10): Promise<EventId[]> =>
      idsOf(await store.changedAfter(script.channelId, after, limit));

    it('page the newest messages of a channel, ascending', async () => {
      expect(idsOf(await store.page(script.channelId, { limit: 2 }))).to.deep.equal([at(3), at(4)]);
    });

    it('page the newest before an id', async () => {
      expect(idsOf(await store.page(script.channelId, { before: at(3), limit: 2 }))).to.deep.equal([at(1), at(2)]);
    });

    it('page the oldest after an id', async () => {
      expect(idsOf(await store.page(script.channelId, { after: at(1), limit: 2 }))).to.deep.equal([at(2), at(3)]);
    });

    it('page from the very beginning', async () => {
      expect(idsOf(await store.page(script.channelId, { after: NO_EVENT, limit: 2 }))).to.deep.equal([at(0), at(1)]);
    });

    it('page around an id that does not exist', async () => {
      await store.apply(script.messages(1));
      const between = newId() as EventId;
      expect(idsOf(await store.page(script.channelId, { before: between, limit: 2 }))).to.have.length(2);
      expect(await store.page(script.channelId, { after: between, limit: 2 })).to.deep.equal([]);
    });

    it('page whole messages', async () => {
      expect(await store.page(script.channelId, { limit: 10 })).to.deep.equal(events.map(messageFromEvent));
    });

    it('page deleted messages, but no void ones', async () => {
      await store.apply([script.remove(at(1)), script.voids(events[2]!, at(0)), script.voids(script.message(), at(0))]);
      expect(idsOf(await store.page(script.channelId, { limit: 10 }))).to.deep.equal([at(0), at(1), at(3), at(4)]);
    });

    it('know nothing of a channel without messages', async () => {
      const channelId = newId() as ChannelId;
      expect(await store.page(channelId, { limit: 10 })).to.deep.equal([]);
      expect(await store.changedAfter(channelId, NO_EVENT, 10)).to.deep.equal([]);
      expect(await store.lastEventIds([channelId])).to.deep.equal([NO_EVENT]);
    });

    it('return what is new after an event, oldest first', async () => {
      expect(await changedAfter(at(2))).to.deep.equal([at(3), at(4)]);
      expect(await changedAfter(at(4))).to.deep.equal([]);
    });

    it('return what has changed in the order of the changes', async () => {
      await store.apply([script.edit(at(3), 'x'), script.react(at(0), '👍')]);
      expect(await changedAfter(at(1))).to.deep.equal([at(2), at(4), at(3), at(0)]);
    });

    it('return deleted and void messages as changes', async () => {
      const ghost = script.message();
      await store.apply([script.remove(at(1)), script.voids(ghost, at(0))]);
      expect(await changedAfter(at(4))).to.deep.equal([at(1), ghost.id]);
    });

    it('return at most as many changes as asked for, to go on from', async () => {
      await store.apply([script.edit(at(0), 'x')]);
      const first = await store.changedAfter(script.channelId, NO_EVENT, 3);
      expect(idsOf(first)).to.deep.equal([at(1), at(2), at(3)]);
      expect(await changedAfter(first.at(-1)!.updatedId)).to.deep.equal([at(4), at(0)]);
    });

    for (const limit of [1, 2, 3]) {
      it(`tear no comment from its parent with a limit of ${limit}`, async () => {
        const comment = script.message({ parentId: at(1) });
        await store.apply([comment, script.message()]);
        const seen: EventId[] = [];
        for (let page = await store.changedAfter(script.channelId, NO_EVENT, limit); page.length > 0;) {
          seen.push(...idsOf(page));
          page = await store.changedAfter(script.channelId, page.at(-1)!.updatedId, limit);
        }
        expect(seen.slice(0, 6)).to.deep.equal([at(0), at(2), at(3), at(4), at(1), comment.id]);
      });
    }

    it('tear no edited comment from its parent', async () => {
      const comment = script.message({ parentId: at(1) });
      await store.apply([comment, script.edit(comment.id, 'x')]);
      expect((await changedAfter(at(4), 1)).sort()).to.deep.equal([at(1), comment.id].sort());
    });

    it('return a full page while there may be more', async () => {
      expect(await changedAfter(NO_EVENT, 5)).to.have.length(5);
    });

    it('get those that exist among many ids, void ones too', async () => {
      await store.apply([script.voids(events[0]!, at(1))]);
      const found = await store.getMany(script.channelId, [at(2), newId() as EventId, at(0)]);
      expect(idsOf(found)).to.have.members([at(0), at(2)]);
    });

    it('get nothing from another channel, and nothing for no ids', async () => {
      expect(await store.getMany(newId() as ChannelId, [at(0)])).to.deep.equal([]);
      expect(await store.getMany(script.channelId, [])).to.deep.equal([]);
    });

    it('find a message by its client id', async () => {
      const { clientId } = events[2]!;
      expect(await store.findByClientId(script.channelId, script.senderId, clientId)).to.deep.equal(messageFromEvent(events[2]!));
      expect(await store.findByClientId(script.channelId, script.senderId, 'other' as ClientId)).to.equal(undefined);
      expect(await store.findByClientId(newId() as ChannelId, script.senderId, clientId)).to.equal(undefined);
    });

    it('know the largest event of each channel', async () => {
      const [other, unused] = [new ChannelScript(), newId() as ChannelId];
      const message = other.message();
      await store.apply([message]);
      expect(await store.lastEventIds([script.channelId, unused, other.channelId])).to.deep.equal([at(4), NO_EVENT, message.id]);
      const edit = script.edit(at(0), 'x');
      await store.apply([edit]);
      expect(await store.lastEventIds([other.channelId, script.channelId])).to.deep.equal([message.id, edit.id]);
      expect(await store.lastEventIds([])).to.deep.equal([]);
    });
  });
}
