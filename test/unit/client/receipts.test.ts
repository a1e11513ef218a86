import { expect } from 'chai';
import type { WarrenClient } from '../../../client/mod.js';
import type { ChannelId, ClientId, EventId } from '../../../shared/domain/ids.js';
import type { Receipt } from '../../../shared/domain/model.js';
import { ALICE, BOB, FakeChat, ROOM } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';

const OTHER = '0K3W000000002' as ChannelId;

describe('client: receipts', () => {
  let chat: FakeChat;
  let client: WarrenClient;
  let told: (readonly [ChannelId, Receipt])[];

  beforeEach(async () => {
    chat = new FakeChat();
    chat.random = 0.5;
    chat.addRoom();
    client = await chat.client();
    told = [];
    client.on('receipt', ({ channelId, receipt }) => told.push([channelId, receipt]));
  });
  afterEach(() => client.close());

  const bobs = (delivered: EventId, read = '' as EventId): Receipt => ({ userId: BOB, delivered, read });
  const givenNow = () => chat.given.map(({ delivered, read }) => [delivered, read]);
  async function reconnect(): Promise<void> {
    chat.socket.end(1001);
    for (let n = 0; n < 10; n++) await settle();
  }

  describe('of this user', () => {
    it('a message that was shown is said to be delivered, by itself', async () => {
      const { id } = chat.post();
      await chat.clock.advance(200);
      expect(givenNow()).to.deep.equal([[id, '']]);
    });

    it('messages that keep coming are said to be delivered all the same', async () => {
      for (let n = 0; n < 50; n++) {
        chat.post();
        await chat.clock.advance(50);
      }
      expect(givenNow().length).to.be.within(2, 4);
    });

    it('an own message is not', async () => {
      client.send(ROOM, 'mine');
      chat.post({ senderId: ALICE, clientId: 'elsewhere' as ClientId });
      await chat.clock.advance(5_000);
      expect(givenNow()).to.deep.equal([]);
    });

    it('nothing is delivered before what it lacks has come', async () => {
      chat.syncs = false;
      const [first, missing, last] = [chat.commit(), chat.commit(), chat.commit()];
      chat.socket.push(first);
      await chat.clock.advance(1_200);
      chat.socket.push(last);
      await chat.clock.advance(1_200);
      chat.given.length = 0;
      chat.socket.push(missing);
      chat.syncs = true;
      await reconnect();
      await chat.clock.advance(3_000);
      expect(givenNow()).to.deep.equal([[last.id, '']]);
    });

    it('markRead says the newest message that the server has', async () => {
      const { id } = chat.post();
      chat.acks = false;
      client.send(ROOM, 'on its way');
      client.markRead(ROOM);
      await chat.clock.advance(200);
      expect(givenNow()).to.deep.equal([[id, id]]);
    });

    it('markRead of a channel without a message says nothing', async () => {
      client.markRead(ROOM);
      await chat.clock.advance(5_000);
      expect(givenNow()).to.deep.equal([]);
    });

    it('marking an older message, or the same again, says nothing', async () => {
      const [first, second] = [chat.post(), chat.post()];
      client.markRead(ROOM, second.id);
      await chat.clock.advance(2_000);
      client.markRead(ROOM, first.id);
      client.markRead(ROOM, second.id);
      await chat.clock.advance(5_000);
      expect(givenNow()).to.deep.equal([[second.id, second.id]]);
    });

    it('is said once a second per channel, whatever happens in between', async () => {
      for (let n = 0; n < 40; n++) {
        chat.post();
        client.markRead(ROOM);
        await chat.clock.advance(100);
      }
      expect(chat.given.length).to.be.within(4, 5);
      await chat.clock.advance(1_000);
      expect(chat.given.at(-1)?.read).to.equal(client.timeline(ROOM).messages.at(-1)?.id);
    });

    it('channels do not wait for each other', async () => {
      const [one, two] = [chat.post(), chat.post({}, OTHER)];
      await chat.clock.advance(200);
      expect(chat.given.map(({ channelId, delivered }) => [channelId, delivered])).to.deep.equal([
        [ROOM, one.id],
        [OTHER, two.id],
      ]);
    });

    it('is said again a few times while the server does not show to have it, and no more after that', async () => {
      chat.takesReceipts = false;
      chat.post();
      await chat.clock.advance(10_000);
      expect(chat.given).to.have.lengthOf(3);
      chat.takesReceipts = true;
      await chat.clock.advance(3_600_000);
      expect(chat.given).to.have.lengthOf(4);
    });

    it('does not speak for ever to a server that does not answer it', async () => {
      chat.takesReceipts = false;
      chat.post();
      await chat.clock.advance(3_600_000);
      expect(chat.given).to.have.lengthOf(5);
    });

    it('is said again after a reconnect when it had been lost', async () => {
      chat.takesReceipts = false;
      const { id } = chat.post();
      // Nothing repeats it by itself any more.
      await chat.clock.advance(600_000);
      chat.takesReceipts = true;
      chat.given.length = 0;
      await reconnect();
      await chat.clock.advance(2_000);
      expect(givenNow()).to.deep.equal([[id, '']]);
    });

    it('is not said again after a reconnect when the server has it', async () => {
      chat.post();
      await chat.clock.advance(5_000);
      chat.given.length = 0;
      await reconnect();
      await chat.clock.advance(5_000);
      expect(givenNow()).to.deep.equal([]);
    });

    it('what was read on another device is known here, live', async () => {
      const { id } = chat.post();
      await chat.clock.advance(200);
      told.length = 0;
      chat.tellReceipts(ROOM, [{ userId: ALICE, delivered: id, read: id }]);
      expect(told).to.deep.equal([[ROOM, { userId: ALICE, delivered: id, read: id }]]);
      client.markRead(ROOM);
      await chat.clock.advance(5_000);
      expect(chat.given.map(({ read }) => read)).to.deep.equal(['']);
    });

    it('what was read on another device meanwhile is known after a reconnect', async () => {
      const { id } = chat.post();
      chat.receipts.set(ROOM, [{ userId: ALICE, delivered: id, read: id }]);
      await reconnect();
      expect(client.receipts(ROOM).get(ALICE)?.read).to.equal(id);
    });
  });

  describe('of the others', () => {
    it('are told and kept', () => {
      const { id } = chat.post();
      chat.tellReceipts(ROOM, [bobs(id)]);
      expect(told).to.deep.equal([[ROOM, bobs(id)]]);
      expect([...client.receipts(ROOM).values()]).to.deep.equal([bobs(id)]);
    });

    it('never go back, and nothing new changes nothing', () => {
      const [first, second] = [chat.post(), chat.post()];
      chat.tellReceipts(ROOM, [bobs(second.id, first.id)]);
      const before = client.receipts(ROOM);
      chat.tellReceipts(ROOM, [bobs(first.id)]);
      expect(client.receipts(ROOM)).to.equal(before);
      expect(told).to.have.lengthOf(1);
    });

    it('are asked for, and joined with what came live', async () => {
      const [first, second] = [chat.post(), chat.post()];
      chat.tellReceipts(ROOM, [bobs(second.id, second.id)]);
      chat.receipts.set(ROOM, [bobs(second.id, first.id), { userId: ALICE, delivered: first.id, read: first.id }]);
      const all = await client.loadReceipts(ROOM);
      expect([...all.values()].map(({ userId, read }) => [userId, read])).to.deep.equal([
        [BOB, second.id],
        [ALICE, first.id],
      ]);
    });

    it('are forgotten with the channel', () => {
      const { id } = chat.post();
      chat.tellReceipts(ROOM, [bobs(id)]);
      chat.socket.push({ type: 'channel', action: 'left', channelId: ROOM });
      expect(client.receipts(ROOM).size).to.equal(0);
      chat.socket.push({ type: 'receipts', channelId: ROOM, receipts: [bobs(id)] });
      expect(client.receipts(ROOM).size).to.equal(0);
    });

    it('are forgotten with the log-in', async () => {
      chat.tellReceipts(ROOM, [bobs(chat.post().id)]);
      await client.logOut();
      expect(client.receipts(ROOM).size).to.equal(0);
    });
  });
});
