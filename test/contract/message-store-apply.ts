import { expect } from 'chai';
import { messageFromEvent, type ChatEvent, type MessageEvent } from '../../shared/domain/events.js';
import type { ClientId, UserId } from '../../shared/domain/ids.js';
import type { Message } from '../../shared/domain/model.js';
import type { MessageStore } from '../../shared/ports/message-store.js';
import { ChannelScript, type OpenStore } from './message-fixtures.js';
import { newId } from './people-fixtures.js';

const NOTHING = { conflicts: [], orphans: [] };

export function describeApply(open: () => Promise<OpenStore>): void {
  describe('apply', () => {
    let opened: OpenStore;
    let store: MessageStore;
    let script: ChannelScript;
    before(async () => {
      opened = await open();
      store = opened.store;
    });
    beforeEach(() => void (script = new ChannelScript()));
    after(() => opened.close());

    const stored = async (event: ChatEvent): Promise<Message | undefined> => (await store.getMany(event.channelId, [event.id]))[0];
    /** Applied one call each, as an archiver that never sees two events at once. */
    const applyEach = async (...events: readonly ChatEvent[]): Promise<void> => {
      for (const event of events) await store.apply([event]);
    };

    it('stores a message as its first event says', async () => {
      const event = script.message({
        prev: newId() as MessageEvent['prev'],
        content: '안녕하세요! 👋\n<b>"\\',
        mentions: [newId(), 'here'],
        attachments: [{ type: 'image', url: 'https://files/1', name: '사진.jpg', bytes: 204_800, width: 1280, height: 720 }],
      });
      expect(await store.apply([event])).to.deep.equal(NOTHING);
      expect(await stored(event)).to.deep.equal(messageFromEvent(event));
    });

    it('stores 100,000 Korean characters', async () => {
      const event = script.message({ content: '가'.repeat(100_000) });
      await store.apply([event]);
      expect((await stored(event))?.content).to.equal(event.content);
    });

    it('stores many messages of many channels in one call', async () => {
      const scripts = Array.from({ length: 10 }, () => new ChannelScript());
      const events = Array.from({ length: 200 }, (_, index) => scripts[index % 10]!.message());
      expect(await store.apply(events)).to.deep.equal(NOTHING);
      for (const { channelId } of scripts) expect(await store.page(channelId, { limit: 100 })).to.have.length(20);
    });

    it('does nothing for no events', async () => {
      expect(await store.apply([])).to.deep.equal(NOTHING);
    });

    it('stores a message once that is delivered twice', async () => {
      const event = script.message();
      await store.apply([event]);
      expect(await store.apply([event, script.message()])).to.deep.equal(NOTHING);
      expect(await stored(event)).to.deep.equal(messageFromEvent(event));
      expect(await store.page(script.channelId, { limit: 10 })).to.have.length(2);
    });

    it('stores a message once that comes twice in one call', async () => {
      const event = script.message();
      expect(await store.apply([event, event])).to.deep.equal(NOTHING);
      expect(await store.page(script.channelId, { limit: 10 })).to.deep.equal([messageFromEvent(event)]);
    });

    it('moves only updatedId when a stored message travels again under a new event id', async () => {
      const event = script.message();
      const again = script.resend(event);
      await applyEach(event, again);
      expect(await stored(event)).to.deep.equal({ ...messageFromEvent(event), updatedId: again.id });
    });

    it('stores a message whose first event was lost under its own id', async () => {
      const event = script.message();
      const again = script.resend(event);
      expect(await store.apply([again])).to.deep.equal(NOTHING);
      expect(await stored(event)).to.deep.equal(messageFromEvent(again));
    });

    it('edits a message', async () => {
      const event = script.message({ mentions: ['here'] });
      const edit = script.edit(event.id, 'better');
      await applyEach(event, edit);
      const changed = { content: 'better', mentions: [], edited: true, editedId: edit.id, updatedId: edit.id };
      expect(await stored(event)).to.deep.equal({ ...messageFromEvent(event), ...changed });
    });

    it('applies events of one call in their order', async () => {
      const event = script.message();
      const [first, second] = [script.edit(event.id, 'first'), script.edit(event.id, 'second')];
      expect(await store.apply([event, first, second])).to.deep.equal(NOTHING);
      expect(await stored(event)).to.include({ content: 'second', updatedId: second.id });
    });

    it('keeps the newest edit when an older one is delivered again', async () => {
      const event = script.message();
      const [first, second] = [script.edit(event.id, 'first'), script.edit(event.id, 'second')];
      await applyEach(event, first, second, first);
      expect(await stored(event)).to.include({ content: 'second', updatedId: second.id });
    });

    it('takes an edit that is stored after a reaction with a larger id', async () => {
      const event = script.message();
      const [edit, reaction] = [script.edit(event.id, 'better'), script.react(event.id, '👍')];
      await applyEach(event, reaction, edit);
      expect(await stored(event)).to.include({ content: 'better', editedId: edit.id, updatedId: reaction.id });
    });

    it('empties a deleted message, and keeps it deleted when an edit follows', async () => {
      const event = script.message({ mentions: ['here'], attachments: [{ type: 'file', url: 'u', name: 'n', bytes: 1 }] });
      await applyEach(event, script.react(event.id, '👍'), script.remove(event.id));
      const edit = script.edit(event.id, 'back');
      await applyEach(edit);
      const emptied = { content: '', mentions: [], attachments: [], reactions: [], deleted: true, updatedId: edit.id };
      expect(await stored(event)).to.deep.equal({ ...messageFromEvent(event), ...emptied });
    });

    it('counts reactions by emoji and user', async () => {
      const event = script.message();
      const other = newId() as UserId;
      await applyEach(event, script.react(event.id, '👍'), script.react(event.id, '👍', { senderId: other }));
      const last = script.react(event.id, '🎉');
      await applyEach(last);
      expect((await stored(event))?.reactions).to.deep.equal([
        { emoji: '👍', count: 2, users: [script.senderId, other] },
        { emoji: '🎉', count: 1, users: [script.senderId] },
      ]);
      expect((await stored(event))?.updatedId).to.equal(last.id);
    });

    it('counts a reaction once that is delivered twice', async () => {
      const event = script.message();
      const reaction = script.react(event.id, '👍');
      await applyEach(event, reaction);
      await store.apply([reaction, reaction]);
      expect((await stored(event))?.reactions).to.deep.equal([{ emoji: '👍', count: 1, users: [script.senderId] }]);
    });

    it('takes a reaction back', async () => {
      const event = script.message();
      await applyEach(event, script.react(event.id, '👍'), script.react(event.id, '👍', { action: 'remove' }));
      expect((await stored(event))?.reactions).to.deep.equal([]);
    });

    for (const [title, make] of [
      ['an edit', (s: ChannelScript) => s.edit(newId() as never, 'x')],
      ['a deletion', (s: ChannelScript) => s.remove(newId() as never)],
      ['a reaction', (s: ChannelScript) => s.react(newId() as never, '👍')],
    ] as const) {
      it(`returns ${title} of a message that is not stored as an orphan, and stores nothing`, async () => {
        const event = make(script);
        const message = script.message();
        expect(await store.apply([event, message])).to.deep.equal({ conflicts: [], orphans: [event] });
        expect(await store.changedAfter(script.channelId, '' as never, 10)).to.deep.equal([messageFromEvent(message)]);
      });
    }

    it('refuses a second message with the same client id and names the first', async () => {
      const winner = script.message();
      const loser = script.message({ clientId: winner.clientId });
      await store.apply([winner]);
      const conflict = { event: loser, winnerId: winner.id };
      expect(await store.apply([loser])).to.deep.equal({ conflicts: [conflict], orphans: [] });
      expect(await stored(loser)).to.equal(undefined);
    });

    it('refuses the later of two messages with the same client id in one call', async () => {
      const winner = script.message();
      const loser = script.message({ clientId: winner.clientId });
      const result = await store.apply([script.message(), winner, script.message(), loser]);
      expect(result).to.deep.equal({ conflicts: [{ event: loser, winnerId: winner.id }], orphans: [] });
      expect(await store.page(script.channelId, { limit: 10 })).to.have.length(3);
    });

    it('has an edit of a refused message as an orphan', async () => {
      const winner = script.message();
      const loser = script.message({ clientId: winner.clientId });
      const edit = script.edit(loser.id, 'x');
      await store.apply([winner]);
      expect((await store.apply([loser, edit])).orphans).to.deep.equal([edit]);
    });

    it('accepts the same client id of another sender and in another channel', async () => {
      const event = script.message();
      const elsewhere = new ChannelScript().message({ senderId: script.senderId, clientId: event.clientId });
      const somebody = script.message({ senderId: newId() as UserId, clientId: event.clientId });
      expect(await store.apply([event, elsewhere, somebody])).to.deep.equal(NOTHING);
    });

    it('tells client ids apart by case and by accent', async () => {
      const events = ['a', 'A', 'ä', 'a '].map((clientId) => script.message({ clientId: clientId as ClientId }));
      expect(await store.apply(events)).to.deep.equal(NOTHING);
    });

    it('keeps a tombstone of a void message that was never stored', async () => {
      const winner = script.message();
      const loser = script.message({ clientId: winner.clientId });
      const voided = script.voids(loser, winner.id);
      await store.apply([winner, loser]);
      expect(await store.apply([voided])).to.deep.equal(NOTHING);
      expect(await stored(loser)).to.deep.include({ voided: true, content: '', updatedId: voided.id, clientId: loser.clientId });
      expect((await store.changedAfter(script.channelId, winner.id, 10)).map((m) => m.id)).to.deep.equal([loser.id]);
    });

    it('leaves the client id to the winner when the loser is void', async () => {
      const winner = script.message();
      const loser = script.message({ clientId: winner.clientId });
      await applyEach(winner, script.voids(loser, winner.id));
      expect((await store.findByClientId(script.channelId, script.senderId, winner.clientId))?.id).to.equal(winner.id);
    });

    it('lets the winner be stored after the tombstone', async () => {
      const winner = script.message();
      const loser = script.message({ clientId: winner.clientId });
      await applyEach(script.voids(loser, winner.id));
      expect(await store.apply([winner])).to.deep.equal(NOTHING);
      expect(await stored(winner)).to.deep.equal(messageFromEvent(winner));
    });

    it('keeps many tombstones of one client id', async () => {
      const winner = script.message();
      const losers = [1, 2].map(() => script.message({ clientId: winner.clientId }));
      await store.apply([winner, ...losers.map((loser) => script.voids(loser, winner.id))]);
      const found = await store.getMany(
        script.channelId,
        losers.map((loser) => loser.id),
      );
      expect(found.map((message) => message.voided)).to.deep.equal([true, true]);
    });

    it('keeps the tombstone when the void message is delivered again', async () => {
      const winner = script.message();
      const loser = script.message({ clientId: winner.clientId });
      const voided = script.voids(loser, winner.id);
      await applyEach(winner, voided);
      expect(await store.apply([loser, voided])).to.deep.equal(NOTHING);
      expect(await stored(loser)).to.deep.include({ voided: true, content: '', updatedId: voided.id });
    });

    it('voids a stored message, which gives its client id up', async () => {
      const loser = script.message();
      const winner = script.message({ clientId: loser.clientId });
      await applyEach(loser, script.voids(loser, winner.id), winner);
      expect(await stored(loser)).to.deep.include({ voided: true, content: '' });
      expect((await store.findByClientId(script.channelId, script.senderId, loser.clientId))?.id).to.equal(winner.id);
    });

    it('ends the same when a whole batch is delivered again', async () => {
      const [first, second] = script.messages(2) as [MessageEvent, MessageEvent];
      const loser = script.message({ clientId: first.clientId });
      const batch = [
        ...[first, second, loser, script.voids(loser, first.id), script.edit(first.id, 'edited')],
        ...[script.react(second.id, '👍'), script.message({ parentId: first.id }), script.remove(second.id)],
      ];
      await store.apply(batch);
      const once = await store.changedAfter(script.channelId, '' as never, 100);
      await store.apply(batch.slice(3));
      await store.apply(batch);
      expect(await store.changedAfter(script.channelId, '' as never, 100)).to.deep.equal(once);
    });
  });
}
