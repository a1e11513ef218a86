import { expect } from 'chai';
import { createClientIds } from '../../../client/commands.js';
import { createMemoryStorage } from '../../../client/mod.js';
import { deleteFrame } from '../../../shared/protocol/frames.js';
import { FakeChat, ROOM } from '../../support/fake-chat.js';

const NOW = Date.UTC(2026, 10, 18);

describe('client: ids of commands', () => {
  it('count on behind what was chosen once, so that most differ in their last character only', () => {
    const next = createClientIds(NOW, Math.random);
    const ids = Array.from({ length: 36 }, () => next());
    expect(new Set(ids)).to.have.lengthOf(36);
    expect(new Set(ids.map((id) => id.slice(0, -1)))).to.have.lengthOf(1);
  });

  it('are never the same, and as the protocol wants them, however many there are', () => {
    const next = createClientIds(NOW, Math.random);
    const ids = Array.from({ length: 100_000 }, () => next());
    expect(new Set(ids)).to.have.lengthOf(ids.length);
    for (const clientId of [ids[0], ids.at(-1)]) {
      expect(deleteFrame.safeParse({ type: 'delete', clientId, channelId: ROOM, messageId: ROOM }).success, clientId).to.equal(true);
    }
  });

  it('are others in another tab that was opened at the same moment', () => {
    const tabs = [createClientIds(NOW, Math.random), createClientIds(NOW, Math.random)];
    const ids = tabs.flatMap((next) => Array.from({ length: 1_000 }, () => next()));
    expect(new Set(ids)).to.have.lengthOf(ids.length);
  });

  it('are others in the next life of a device, whose unsent messages have those of the life before', async () => {
    const chat = new FakeChat();
    chat.addRoom();
    const storage = createMemoryStorage();
    const first = await chat.client({ storage, connect: false });
    const ids = ['one', 'two'].map((text) => first.send(ROOM, text).clientId);
    await first.close();
    const second = await chat.client({ storage, login: false });
    await second.restore();
    ids.push(second.send(ROOM, 'three').clientId, second.edit(ROOM, chat.nextId(), 'four').clientId);
    expect(second.unsent).to.equal(4);
    expect(new Set(ids)).to.have.lengthOf(4);
    await second.close();
  });
});
