import { expect } from 'chai';
import { applyEvent, messageFromEvent, type ChatEvent, type MessageEvent } from '../../../shared/domain/events.js';
import type { ChannelId, ClientId, EventId, UserId } from '../../../shared/domain/ids.js';
import type { EventHead } from '../../../shared/routing/event-draft.js';
import { draftRepair } from '../../../worker/archiver/repair.js';

const [M, EDIT, NEWER_EDIT, REPAIR] = ['0K3WPX1ZC8R0A', '0K3WPX1ZC8R0B', '0K3WPX1ZC8R0C', '0K3WPX1ZC8R0D'] as [
  EventId,
  EventId,
  EventId,
  EventId,
];
const base = {
  channelId: '0K3W000000000' as ChannelId,
  senderId: '0K3V000000001' as UserId,
  prev: '' as EventId,
  createdAt: '2026-11-18T10:30:00.123Z',
};
const event: MessageEvent = { ...base, type: 'message', id: M, clientId: 'c1' as ClientId, content: 'first' };
const edit: ChatEvent = { ...base, type: 'edit', id: EDIT, clientId: 'c2' as ClientId, messageId: M, content: 'second' };
const message = messageFromEvent(event);

/** The event that the pipeline makes of the draft. */
function travel(of: ChatEvent, state = message): ChatEvent {
  const draft = draftRepair(of, state);
  const { channelId, senderId, clientId, again } = draft;
  const head: EventHead = { id: REPAIR, prev: NEWER_EDIT, channelId, senderId, clientId, createdAt: base.createdAt };
  return JSON.parse(draft.encode(draft.about === undefined && again !== undefined ? { ...head, messageId: again } : head)) as ChatEvent;
}

describe('a repair', () => {
  it('of a message is the message under a new event id', () => {
    expect(travel(event)).to.include({ type: 'message', id: REPAIR, messageId: M, content: 'first', prev: NEWER_EDIT, clientId: 'c1' });
  });

  it('of an edit does not undo a newer one that is not stored yet', () => {
    const newer: ChatEvent = { ...base, type: 'edit', id: NEWER_EDIT, clientId: 'c3' as ClientId, messageId: M, content: 'third' };
    const repaired = travel(edit, applyEvent(message, edit));
    expect(applyEvent(applyEvent(applyEvent(message, edit), newer), repaired)).to.include({ content: 'third', updatedId: REPAIR });
  });

  it('of a reaction does not bring it back after it was taken away', () => {
    const reaction = { ...base, type: 'reaction', messageId: M, emoji: '👍' } as const;
    const added: ChatEvent = { ...reaction, id: EDIT, clientId: 'c2' as ClientId, action: 'add' };
    const removed: ChatEvent = { ...reaction, id: NEWER_EDIT, clientId: 'c3' as ClientId, action: 'remove' };
    const state = [added, removed, travel(added, applyEvent(message, added))].reduce(applyEvent, message);
    expect(state.reactions).to.deep.equal([]);
  });

  it('of an edit makes devices ask for what they lack', () => {
    expect(travel(edit)).to.include({ type: 'message', messageId: M, resync: true });
  });

  it('of a deletion is the deletion', () => {
    const deletion: ChatEvent = { ...base, type: 'delete', id: EDIT, clientId: 'c2' as ClientId, messageId: M };
    expect(travel(deletion)).to.include({ type: 'delete', id: REPAIR, messageId: M });
  });
});
