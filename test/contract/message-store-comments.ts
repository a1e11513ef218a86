import { expect } from 'chai';
import { summaryOf, messageFromEvent, type MessageEvent } from '../../shared/domain/events.js';
import type { Message } from '../../shared/domain/model.js';
import type { MessageStore } from '../../shared/ports/message-store.js';
import { ChannelScript, type OpenStore } from './message-fixtures.js';
import { newId } from './people-fixtures.js';

export function describeComments(open: () => Promise<OpenStore>): void {
  describe('comments', () => {
    let opened: OpenStore;
    let store: MessageStore;
    let script: ChannelScript;
    let parent: MessageEvent;
    before(async () => {
      opened = await open();
      store = opened.store;
    });
    beforeEach(async () => {
      script = new ChannelScript();
      parent = script.message();
      await store.apply([parent]);
    });
    after(() => opened.close());

    const storedParent = async (): Promise<Message> => (await store.getMany(script.channelId, [parent.id]))[0]!;
    const comment = (content = 'me too'): MessageEvent => script.message({ parentId: parent.id, content });
    const summary = (event: MessageEvent) => summaryOf(messageFromEvent(event));

    it('are messages of their own', async () => {
      const event = comment();
      await store.apply([event]);
      expect(await store.getMany(script.channelId, [event.id])).to.deep.equal([messageFromEvent(event)]);
    });

    it('leave no summary on a message without any', async () => {
      expect(await storedParent()).to.not.have.property('comments');
    });

    it("move the parent's summary and updatedId", async () => {
      const event = comment();
      await store.apply([event]);
      const comments = { count: 1, last: summary(event) };
      expect(await storedParent()).to.deep.equal({ ...messageFromEvent(parent), updatedId: event.id, comments });
    });

    it('are counted when they come with their parent in one call', async () => {
      const late = script.message();
      const events = [1, 2].map(() => script.message({ parentId: late.id }));
      await store.apply([late, ...events]);
      const [found] = await store.getMany(script.channelId, [late.id]);
      expect(found).to.deep.include({ updatedId: events[1]!.id, comments: { count: 2, last: summary(events[1]!) } });
    });

    it('are counted once when they are delivered twice', async () => {
      const events = [comment('first'), comment('second')];
      await store.apply(events);
      await store.apply(events);
      await store.apply([events[0]!]);
      const comments = { count: 2, last: summary(events[1]!) };
      expect(await storedParent()).to.deep.include({ comments, updatedId: events[1]!.id });
    });

    it('are counted once when they travel again under a new event id, which moves the parent too', async () => {
      const event = comment();
      const again = script.resend(event);
      await store.apply([event]);
      await store.apply([again]);
      expect(await storedParent()).to.deep.include({ comments: { count: 1, last: summary(event) }, updatedId: again.id });
    });

    it('are not counted when their client id is taken', async () => {
      const event = comment();
      await store.apply([event]);
      await store.apply([script.message({ parentId: parent.id, clientId: event.clientId })]);
      expect(await storedParent()).to.deep.include({ comments: { count: 1, last: summary(event) }, updatedId: event.id });
    });

    it('show their new content on the parent when they are edited', async () => {
      const event = comment();
      const edit = script.edit(event.id, 'edited');
      await store.apply([event]);
      await store.apply([edit]);
      const comments = { count: 1, last: { ...summary(event), content: 'edited' } };
      expect(await storedParent()).to.deep.include({ comments, updatedId: edit.id });
    });

    it('leave the summary when they are deleted', async () => {
      const events = [comment('first'), comment('second')];
      const remove = script.remove(events[1]!.id);
      await store.apply([...events, remove]);
      expect(await storedParent()).to.deep.include({ comments: { count: 1, last: summary(events[0]!) }, updatedId: remove.id });
    });

    it('leave no summary when the only one is deleted', async () => {
      const event = comment();
      await store.apply([event]);
      await store.apply([script.remove(event.id)]);
      expect(await storedParent()).to.not.have.property('comments');
    });

    it('do not move the parent when somebody reacts to them', async () => {
      const event = comment();
      await store.apply([event]);
      await store.apply([script.react(event.id, '👍')]);
      expect((await storedParent()).updatedId).to.equal(event.id);
    });

    it('keep the rest of the parent', async () => {
      const edit = script.edit(parent.id, 'edited');
      const reaction = script.react(parent.id, '👍');
      const event = comment();
      await store.apply([edit, reaction, event]);
      const changed = { content: 'edited', edited: true, reactions: [{ emoji: '👍', count: 1, users: [script.senderId] }] };
      expect(await storedParent()).to.deep.include({ ...changed, comments: { count: 1, last: summary(event) } });
    });

    it('are stored when their parent is not', async () => {
      const event = script.message({ parentId: newId() as never });
      expect(await store.apply([event])).to.deep.equal({ conflicts: [], orphans: [] });
      expect(await store.getMany(script.channelId, [event.id])).to.have.length(1);
    });
  });
}
