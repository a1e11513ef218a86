import { expect } from 'chai';
import { createMemoryStorage, type WarrenError } from '../../../client/mod.js';
import { FakeChat, keptIn, ROOM } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';

describe('client: unsent messages in the storage', () => {
  it('are sent in their order by the next life of the device, as resends', async () => {
    const chat = new FakeChat();
    chat.addRoom();
    const storage = createMemoryStorage();
    const first = await chat.client({ storage, connect: false });
    const ids = ['one', 'two', 'three'].map((text) => first.send(ROOM, text).clientId);
    await first.close();

    const second = await chat.client({ storage, login: false });
    await second.restore();
    expect(second.timeline(ROOM).messages.map((m) => m.content)).to.deep.equal(['one', 'two', 'three']);
    await second.connect();
    await chat.clock.advance(0);
    await settle();
    const sent = chat.socket.sent('send');
    expect(sent.map((frame) => frame.clientId)).to.deep.equal(ids);
    expect(sent.every((frame) => frame.resend === true)).to.equal(true);
    expect([...(await keptIn(storage)).keys()].filter((key) => key.startsWith('outbox.'))).to.deep.equal([]);
    await second.close();
  });

  it('reject with CLOSED in the life that ends', async () => {
    const chat = new FakeChat();
    const client = await chat.client({ connect: false });
    const { acked } = client.send(ROOM, 'one');
    await client.close();
    const error = await acked.catch((reason: unknown) => reason as WarrenError);
    expect(error).to.have.property('code', 'CLOSED');
  });
});
