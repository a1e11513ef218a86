import { expect } from 'chai';
import type { ChannelId, ClientId, EventId, UserId } from '../../../shared/domain/ids.js';
import { applyEvent, messageFromEvent, type ChatEvent } from '../../../shared/domain/events.js';
import type { Message } from '../../../shared/domain/model.js';
import type { EventDraft } from '../../../shared/routing/event-draft.js';
import { findDuplicate } from '../../../shared/routing/stored-duplicate.js';

const channelId = '0K3W000000000' as ChannelId;
const [author, reader] = ['0K3V000000001', '0K3V000000002'] as [UserId, UserId];
const [M, REACTION, LATER] = ['0K3WPX1ZC8R0A', '0K3WPX1ZC8R0B', '0K3WPX1ZC8R0C'] as [EventId, EventId, EventId];

const base = { channelId, prev: '' as EventId, createdAt: '2026-11-18T10:30:00.123Z' };
const message = messageFromEvent({ ...base, type: 'message', id: M, senderId: author, clientId: 'c1' as ClientId, content: 'hi' });
const reaction: ChatEvent = {
  ...{ ...base, type: 'reaction', id: REACTION, senderId: reader, clientId: 'c2' as ClientId },
  ...{ messageId: M, emoji: '👍', action: 'add' },
};

function draft(about: EventId | undefined): EventDraft {
  return {
    ...{ channelId, senderId: reader, clientId: 'c2' as ClientId, resend: true, about, originSession: '', author: 'member' },
    ...{ size: 100, encode: () => JSON.stringify(reaction) },
  };
}

function stores(stored: Message) {
  return { window: { get: () => Promise.resolve([undefined]) }, messages: { getMany: () => Promise.resolve([stored]) } };
}

describe('the durable event of a resend', () => {
  it('is the reaction when the message says that it was the last thing to happen', async () => {
    const found = await findDuplicate(stores(applyEvent(message, reaction)), draft(M), REACTION);
    expect(found?.id).to.equal(REACTION);
  });

  it('is not known when the message has moved on: something else may have moved it', async () => {
    const found = await findDuplicate(stores({ ...message, updatedId: LATER }), draft(M), REACTION);
    expect(found).to.equal(undefined);
  });

  it('is the message itself, whatever happened to it since', async () => {
    const found = await findDuplicate(stores({ ...message, updatedId: LATER }), draft(undefined), M);
    expect(found?.messageId).to.equal(M);
  });
});
