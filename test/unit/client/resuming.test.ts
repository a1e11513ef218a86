import { expect } from 'chai';
import { createMemoryStorage, type ClientStorage, type WarrenClient } from '../../../client/mod.js';
import { formatId, idTime, type ChannelId } from '../../../shared/domain/ids.js';
import type { SyncFrame } from '../../../shared/protocol/frames.js';
import { errorAnswer, FakeChat, keptIn, ROOM } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';

const OTHER = '0K3W000000002' as ChannelId;

describe('client: resuming', () => {
  let chat: FakeChat;
  let storage: ClientStorage;
  let client: WarrenClient;
  let news: string[];

  beforeEach(() => {
    chat = new FakeChat();
    storage = createMemoryStorage();
    news = [];
  });

  afterEach(() => client.close());

  async function start(options: Parameters<FakeChat['client']>[0] = {}): Promise<void> {
    client = await chat.client({ storage, ...options });
    client.on('message', ({ message }) => news.push(message.content));
  }

  async function settleLong(): Promise<void> {
    for (let n = 0; n < 10; n++) await settle();
  }

  async function reconnect(): Promise<void> {
    chat.socket.end(1001);
    await settleLong();
  }

  const syncs = (): SyncFrame[] => chat.socket.sent('sync');
  const shown = (id = ROOM): string[] => client.timeline(id).messages.map((m) => m.content);

  it('syncs every channel from its cursor after each hello', async () => {
    chat.addRoom();
    chat.addRoom(OTHER);
    await start();
    const last = chat.post({ content: 'one' });
    await chat.clock.advance(10_000);
    chat.commit({ content: 'two' });
    await reconnect();
    expect(syncs()[0]?.channels.find((ask) => ask.channelId === ROOM)?.after).to.equal(last.id);
    expect(syncs()[0]?.channels.map((ask) => ask.channelId)).to.have.members([ROOM, OTHER]);
    expect(shown()).to.deep.equal(['one', 'two']);
    expect(news).to.deep.equal(['one', 'two']);
  });

  it('asks for further pages while there are more, and loses no live event meanwhile', async () => {
    chat.addRoom();
    await start();
    chat.post({ content: '0' });
    for (let n = 1; n <= 7; n++) chat.commit({ content: String(n) });
    chat.syncPage = 3;
    chat.syncs = false;
    await reconnect();
    for (let page = 0; page < 3; page++) {
      if (page === 1) chat.post({ content: 'live' });
      chat.answerSync(syncs().at(-1)!);
      await settle();
    }
    expect(shown()).to.deep.equal(['0', '1', '2', '3', '4', '5', '6', '7', 'live']);
    expect([...news].sort()).to.deep.equal(['0', '1', '2', '3', '4', '5', '6', '7', 'live']);
  });

  it('puts at most 100 channels into a request, and has at most two under way', async () => {
    for (let n = 0; n < 250; n++) chat.addRoom(formatId(chat.clock.now(), 5, n) as ChannelId);
    chat.syncs = false;
    await start();
    await settleLong();
    expect(syncs().map((frame) => frame.channels.length)).to.deep.equal([100, 100]);
    chat.answerSync(syncs()[0]!);
    await settle();
    expect(syncs().map((frame) => frame.channels.length)).to.deep.equal([100, 100, 50]);
  });

  it('tells when everything that was missed is here', async () => {
    chat.addRoom();
    await start();
    const told: string[] = [];
    client.on('caughtUp', ({ serverId }) => told.push(`${serverId}: ${shown().join()}`));
    chat.commit({ content: 'missed' });
    await reconnect();
    expect(told).to.deep.equal(['server1: missed']);
  });

  it('keeps the cursor in the storage, and resumes from it in the next life', async () => {
    chat.addRoom();
    await start();
    const last = chat.post({ content: 'one' });
    await chat.clock.advance(250);
    expect((await keptIn(storage)).get(`cursor.${ROOM}`)).to.equal(last.id);
    await client.close();
    chat.commit({ content: 'two' });
    client = await chat.client({ storage, login: false });
    await client.restore();
    client.on('message', ({ message }) => news.push(message.content));
    await client.connect();
    await settleLong();
    expect(syncs()[0]?.channels[0]?.after).to.equal(last.id);
    expect(news).to.deep.equal(['one', 'two']);
  });

  it('writes the cursor when it is closed', async () => {
    chat.addRoom();
    await start();
    const last = chat.post();
    await settleLong();
    await client.close();
    expect((await keptIn(storage)).get(`cursor.${ROOM}`)).to.equal(last.id);
  });

  it('begins with the login on a device without cursors, not with the beginning of time', async () => {
    chat.commit({ content: 'long ago' });
    await chat.clock.advance(3_600_000);
    await start();
    await settleLong();
    expect(shown()).to.deep.equal([]);
    expect(client.timeline(ROOM).hasOlder).to.equal(true);
  });

  it('keeps the cursors of two devices of a user apart', async () => {
    chat.addRoom();
    const phone = createMemoryStorage();
    await start();
    const first = chat.post({ content: 'one' });
    const other = await chat.client({ storage: phone });
    const second = chat.post({ content: 'two' });
    await chat.clock.advance(250);
    expect((await keptIn(storage)).get(`cursor.${ROOM}`)).to.equal(first.id);
    expect((await keptIn(phone)).get(`cursor.${ROOM}`)).to.equal(second.id);
    await other.close();
  });

  it('asks again when the request is not answered within 10 seconds', async () => {
    chat.random = 0.5;
    chat.addRoom();
    chat.syncs = false;
    await start();
    await settleLong();
    expect(syncs()).to.have.length(1);
    await chat.clock.advance(10_000);
    await chat.clock.advance(500);
    await settle();
    expect(syncs()).to.have.length(2);
  });

  it('asks again after a temporary error, not before the given time', async () => {
    chat.addRoom();
    chat.syncs = false;
    await start();
    await settleLong();
    const { requestId } = syncs()[0]!;
    chat.socket.push({ type: 'error', code: 'OVERLOADED', message: '', temporary: true, requestId, retryAfterMs: 3_000 });
    await chat.clock.advance(2_999);
    expect(syncs()).to.have.length(1);
    await chat.clock.advance(1);
    await settle();
    expect(syncs()).to.have.length(2);
  });

  it('asks again for a channel that the answer left out', async () => {
    chat.addRoom();
    chat.syncs = false;
    await start();
    await settleLong();
    chat.socket.push({ type: 'synced', requestId: syncs()[0]!.requestId, channels: [] });
    await chat.clock.advance(1_000);
    await settle();
    expect(syncs()).to.have.length(2);
  });

  it('asks again for a channel that could not be read right now', async () => {
    chat.addRoom();
    chat.syncs = false;
    await start();
    await settleLong();
    const frame = syncs()[0]!;
    const ask = frame.channels[0]!;
    chat.commit({ content: 'hi' });
    const empty = { ...chat.sync(ask), messages: [], cursor: ask.after, error: 'UNAVAILABLE' };
    chat.socket.push({ type: 'synced', requestId: frame.requestId, channels: [empty] });
    chat.syncs = true;
    await chat.clock.advance(1_000);
    await settle();
    expect(shown()).to.deep.equal(['hi']);
  });

  it('forgets a channel that the user is not a member of any more', async () => {
    chat.addRoom();
    await start();
    chat.post();
    chat.rooms.delete(ROOM);
    const left: string[] = [];
    client.on('channel', ({ action, channelId }) => left.push(`${action} ${channelId}`));
    await reconnect();
    expect(left).to.deep.equal([`left ${ROOM}`]);
    expect(shown()).to.deep.equal([]);
    expect((await keptIn(storage)).has(`cursor.${ROOM}`)).to.equal(false);
  });

  it('finds a channel that was joined while it was away, with what was said there since', async () => {
    await start();
    await settleLong();
    await chat.clock.advance(60_000);
    chat.addRoom();
    chat.commit({ content: 'welcome' });
    await chat.clock.advance(60_000);
    await reconnect();
    expect(client.channels.map(({ id }) => id)).to.deep.equal([ROOM]);
    expect(news).to.deep.equal(['welcome']);
  });

  it('begins with now in a channel that is joined while it looks, not with the last listing', async () => {
    await start();
    await settleLong();
    await chat.clock.advance(3_600_000);
    const { info } = chat.addRoom();
    chat.socket.push({ type: 'channel', action: 'joined', channelId: ROOM, channel: info });
    await settle();
    const after = syncs().at(-1)?.channels[0]?.after ?? '';
    expect(chat.clock.now() - idTime(after)).to.be.within(0, 600_000);
  });

  it('asks for the list of channels again when it cannot be had', async () => {
    chat.random = 0.5;
    chat.addRoom();
    chat.script('GET /v1/channels', ...Array.from({ length: 4 }, () => errorAnswer(503, 'UNAVAILABLE', { temporary: true })));
    await start();
    await chat.clock.advance(6_000);
    await settleLong();
    expect(client.channels.map(({ id }) => id)).to.deep.equal([ROOM]);
  });

  it('syncs all channels at a random moment within the given time after a resync frame', async () => {
    chat.random = 0.5;
    chat.addRoom();
    await start();
    await settleLong();
    const before = syncs().length;
    chat.commit({ content: 'undelivered' });
    chat.socket.push({ type: 'resync', withinMs: 4_000 });
    await chat.clock.advance(1_999);
    expect(syncs()).to.have.length(before);
    await chat.clock.advance(1);
    await settle();
    expect(shown()).to.deep.equal(['undelivered']);
  });

  it('asks once more when something is missed while it asks', async () => {
    chat.addRoom();
    chat.syncs = false;
    await start();
    await settleLong();
    const first = syncs()[0]!;
    const answer = first.channels.map((ask) => chat.sync(ask));
    chat.commit({ content: 'in between' });
    chat.socket.push({ type: 'resync', withinMs: 0 });
    await chat.clock.advance(0);
    expect(syncs()).to.have.length(1);
    chat.syncs = true;
    chat.socket.push({ type: 'synced', requestId: first.requestId, channels: answer });
    await settle();
    await settle();
    expect(shown()).to.deep.equal(['in between']);
  });

  it('survives an answer to a question that it did not ask', async () => {
    chat.addRoom();
    await start();
    chat.socket.push({ type: 'synced', requestId: 'unknown', channels: [] });
    expect(client.connection.status).to.equal('online');
  });
});
