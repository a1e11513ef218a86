import { expect } from 'chai';
import { createMemoryStorage, type WarrenClient } from '../../../client/mod.js';
import type { ChannelId, ClientId, EventId } from '../../../shared/domain/ids.js';
import { BOB, errorAnswer, FakeChat, keptIn, ROOM } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';

const OTHER = '0K3W000000002' as ChannelId;

describe('client: receiving', () => {
  let chat: FakeChat;
  let client: WarrenClient;
  let news: string[];

  beforeEach(async () => {
    chat = new FakeChat();
    chat.random = 0.5;
    // The channel has a past that this device was not there for: its first live event has a prev.
    chat.commit({ content: 'long ago' });
    await chat.clock.advance(600_000);
    client = await chat.client();
    news = [];
    client.on('message', ({ message }) => news.push(message.content));
  });

  afterEach(() => client.close());

  const shown = (): string[] => client.timeline(ROOM).messages.map((m) => m.content);
  const syncs = () => chat.socket.sent('sync');

  it('shows and reports a live message, once', () => {
    const event = chat.post({ content: 'hi' });
    chat.socket.push(event);
    expect(shown()).to.deep.equal(['hi']);
    expect(news).to.deep.equal(['hi']);
  });

  it('shows what another device of the same user has sent', () => {
    chat.post({ senderId: chat.user.id, clientId: 'elsewhere' as ClientId, content: 'from my phone' });
    expect(news).to.deep.equal(['from my phone']);
  });

  it('takes several frames from one WebSocket message', () => {
    chat.socket.push(chat.commit({ content: 'one' }), chat.commit({ content: 'two' }));
    expect(shown()).to.deep.equal(['one', 'two']);
  });

  it('reports changes of a message', () => {
    const { id } = chat.post();
    const updated: string[] = [];
    client.on('messageUpdated', ({ message }) => updated.push(message.content));
    chat.post({ type: 'edit', messageId: id, content: 'better' });
    expect(updated).to.deep.equal(['better']);
  });

  it('passes over garbage and reports it', () => {
    const errors: string[] = [];
    client.on('error', ({ during }) => errors.push(during));
    chat.socket.pushText(`{"type":"message"\nnull\n${JSON.stringify(chat.commit({ content: 'fine' }))}`);
    expect(errors).to.deep.equal(['frame', 'frame']);
    expect(news).to.deep.equal(['fine']);
  });

  it('ignores frames of a newer protocol', () => {
    chat.socket.pushText('{"type":"hologram"}');
    expect(client.connection.status).to.equal('online');
  });

  it('asks for a gap after 50 to 150 ms, with the cursor and the missing id', async () => {
    const first = chat.post({ content: 'one' });
    const missed = chat.commit({ content: 'two' });
    const before = syncs().length;
    chat.post({ content: 'three' });
    await chat.clock.advance(99);
    expect(syncs()).to.have.length(before);
    await chat.clock.advance(1);
    await settle();
    expect(syncs().at(-1)?.channels).to.deep.equal([{ channelId: ROOM, after: first.id, ids: [missed.id] }]);
    expect(shown()).to.deep.equal(['one', 'two', 'three']);
    expect(news).to.deep.equal(['one', 'three', 'two']);
  });

  it('does not ask when the missing event arrives within the wait', async () => {
    chat.post({ content: 'one' });
    const two = chat.commit({ content: 'two' });
    const three = chat.commit({ content: 'three' });
    const before = syncs().length;
    chat.socket.push(three);
    chat.socket.push(two);
    await chat.clock.advance(1_000);
    expect(syncs()).to.have.length(before);
    expect(shown()).to.deep.equal(['one', 'two', 'three']);
  });

  it('asks for what follows the cursor at once when prev is unknown', async () => {
    const first = chat.post({ content: 'one' });
    chat.commit({ content: 'two' });
    chat.post({ prev: '' as EventId, content: 'three' });
    await settle();
    expect(syncs().at(-1)?.channels).to.deep.equal([{ channelId: ROOM, after: first.id }]);
    expect(shown()).to.deep.equal(['one', 'two', 'three']);
  });

  it('asks once more when an event without prev comes while an answer that was read before it is on its way', async () => {
    const first = chat.post({ content: 'one' });
    chat.syncs = false;
    chat.post({ prev: '' as EventId, content: 'two' });
    await settle();
    const early = syncs().at(-1);
    const answer = early?.channels.map((ask) => chat.sync(ask)) ?? [];
    chat.commit({ content: 'three' });
    chat.commit({ type: 'edit', messageId: first.id, content: 'one, better' });
    chat.post({ prev: '' as EventId, content: 'four' });
    chat.syncs = true;
    chat.socket.push({ type: 'synced', requestId: early?.requestId ?? '', channels: answer });
    await settle();
    expect(shown()).to.deep.equal(['one, better', 'two', 'three', 'four']);
  });

  it('checks the prev of an ack like that of an event', async () => {
    chat.post({ content: 'one' });
    chat.commit({ content: 'two' });
    await client.send(ROOM, 'mine').acked;
    await chat.clock.advance(150);
    await settle();
    expect(shown()).to.deep.equal(['one', 'two', 'mine']);
  });

  it('asks for what follows the cursor when the prev of an ack is unknown', async () => {
    chat.acks = false;
    const first = chat.post({ content: 'one' });
    const { clientId, acked } = client.send(ROOM, 'mine');
    await settle();
    chat.commit({ content: 'two' });
    const { id, createdAt } = chat.commit({ senderId: chat.user.id, clientId, content: 'mine' });
    chat.socket.push({ type: 'ack', clientId, channelId: ROOM, id, prev: '' as EventId, createdAt });
    await acked;
    await settle();
    expect(syncs().at(-1)?.channels).to.deep.equal([{ channelId: ROOM, after: first.id }]);
    expect(shown()).to.deep.equal(['one', 'two', 'mine']);
  });

  it('shows what there is around a hole, and asks again after 1, 2 and 4 seconds', async () => {
    chat.archivedThrough = '' as EventId;
    chat.post({ content: 'one' });
    const missing = chat.nextId();
    chat.post({ prev: missing, content: 'three' });
    expect(shown()).to.deep.equal(['one', 'three']);
    const asked: number[] = [];
    const start = chat.clock.now();
    for (let ms = 0; ms < 8_000; ms += 50) {
      const before = syncs().length;
      await chat.clock.advance(50);
      await settle();
      if (syncs().length > before) asked.push(Math.round((chat.clock.now() - start) / 100) * 100);
    }
    expect(asked).to.deep.equal([100, 1_100, 3_100, 7_100]);
  });

  it('gives a hole up after 60 seconds once the archive is past it, and moves the kept cursor on', async () => {
    const storage = createMemoryStorage();
    const keeper = await chat.client({ storage });
    const first = chat.post({ content: 'one' });
    const last = chat.post({ prev: chat.nextId(), content: 'three' });
    await chat.clock.advance(50_000);
    expect((await keptIn(storage)).get(`cursor.${ROOM}`)).to.equal(first.id);
    await chat.clock.advance(60_000);
    expect((await keptIn(storage)).get(`cursor.${ROOM}`)).to.equal(last.id);
    const before = syncs().length;
    await chat.clock.advance(120_000);
    expect(syncs()).to.have.length(before);
    await keeper.close();
  });

  it('does not take a hole for an old one because the clock of its server is ahead', async () => {
    chat.serverAheadMs = 3_600_000;
    const other = await chat.client();
    chat.post({ content: 'one' });
    chat.post({ prev: chat.nextId(), content: 'three' });
    await chat.clock.advance(5_000);
    const before = syncs().length;
    await chat.clock.advance(20_000);
    expect(syncs().length).to.be.greaterThan(before);
    await other.close();
  });

  it('never gives a hole up while the archive is not past it', async () => {
    chat.archivedThrough = '' as EventId;
    chat.post({ content: 'one' });
    chat.post({ prev: chat.nextId(), content: 'three' });
    await chat.clock.advance(300_000);
    const before = syncs().length;
    await chat.clock.advance(31_000);
    expect(syncs().length).to.be.greaterThan(before);
  });

  it('shows a message that was committed late into a hole', async () => {
    chat.archivedThrough = '' as EventId;
    chat.post({ content: 'one' });
    const missing = chat.nextId();
    chat.post({ prev: missing, content: 'three' });
    await chat.clock.advance(500);
    const room = chat.rooms.get(ROOM);
    const three = room?.events.pop();
    chat.commit({ id: missing, content: 'two' });
    if (three !== undefined) room?.events.push(three);
    await chat.clock.advance(1_000);
    expect(shown()).to.deep.equal(['one', 'two', 'three']);
    expect(news).to.deep.equal(['one', 'three', 'two']);
  });

  it('drops a voided message from the screen', () => {
    const loser = chat.post({ content: 'twice' });
    const winner = chat.post({ content: 'twice' });
    chat.post({ type: 'void', messageId: loser.id, winnerId: winner.id });
    expect(client.timeline(ROOM).messages.map((m) => m.id)).to.deep.equal([winner.id]);
  });

  it('keeps at most the given number of messages of a channel', async () => {
    const small = await chat.client({ messagesPerChannel: 3 });
    for (const content of ['1', '2', '3', '4', '5']) chat.post({ content });
    expect(small.timeline(ROOM).messages.map((m) => m.content)).to.deep.equal(['3', '4', '5']);
    expect(small.timeline(ROOM).hasOlder).to.equal(true);
    await small.close();
  });

  it('hands out the same array until something changes', () => {
    chat.post();
    const { messages } = client.timeline(ROOM);
    expect(client.timeline(ROOM).messages).to.equal(messages);
    chat.post();
    expect(client.timeline(ROOM).messages).not.to.equal(messages);
  });

  it('keeps going when a listener throws, and lets the failure surface', async () => {
    const surfaced = new Promise<unknown>((resolve) => {
      const others = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      process.once('uncaughtException', (error) => {
        for (const other of others) process.on('uncaughtException', other);
        resolve(error);
      });
    });
    client.on('message', () => {
      throw new Error('a bug of the application');
    });
    const later: string[] = [];
    client.on('message', ({ message }) => later.push(message.content));
    chat.post({ content: 'one' });
    expect(later).to.deep.equal(['one']);
    expect(await surfaced).to.have.property('message', 'a bug of the application');
  });

  describe('an event of an unknown channel', () => {
    it('is shown, and the channel is fetched', async () => {
      chat.addRoom(OTHER);
      chat.post({ content: 'new here' }, OTHER);
      await settle();
      expect(news).to.deep.equal(['new here']);
      expect(client.channels.map((channel) => channel.id)).to.include(OTHER);
      expect(chat.requestsTo(`GET /v1/channels/${OTHER}`)).to.have.length(1);
    });

    it('is forgotten when the user may not see the channel', async () => {
      chat.addRoom(OTHER);
      chat.script(`GET /v1/channels/${OTHER}`, errorAnswer(404, 'NOT_FOUND'));
      chat.post({ content: 'new here' }, OTHER);
      await settle();
      expect(client.timeline(OTHER).messages).to.deep.equal([]);
    });
  });

  it('reports an error frame that is about nothing of ours', () => {
    const errors: string[] = [];
    client.on('error', ({ error, during }) => errors.push(`${during} ${error.code}`));
    chat.socket.push({ type: 'error', code: 'BAD_JSON', message: '', temporary: false });
    expect(errors).to.deep.equal(['server BAD_JSON']);
  });

  it('stops telling a listener that was taken off', () => {
    const told: string[] = [];
    const off = client.on('message', ({ message }) => told.push(message.content));
    chat.post({ content: 'one', senderId: BOB });
    off();
    chat.post({ content: 'two', senderId: BOB });
    expect(told).to.deep.equal(['one']);
  });
});
