import { expect } from 'chai';
import type { WarrenClient, WarrenError } from '../../../client/mod.js';
import { errorAnswer, FakeChat, ROOM } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';

describe('client: history', () => {
  let chat: FakeChat;
  let client: WarrenClient;

  beforeEach(async () => {
    chat = new FakeChat();
    for (let n = 1; n <= 12; n++) chat.commit({ content: String(n) });
    await chat.clock.advance(3_600_000);
    client = await chat.client({ pageSize: 5, messagesPerChannel: 6 });
    await settle();
  });

  afterEach(() => client.close());

  const shown = (): string[] => client.timeline(ROOM).messages.map((m) => m.content);
  const route = `GET /v1/channels/${ROOM}/messages`;

  it('is empty until the channel is opened', () => {
    expect(client.timeline(ROOM)).to.deep.include({ messages: [], hasOlder: true, opened: false });
  });

  it('opens with the newest page, once', async () => {
    await Promise.all([client.open(ROOM), client.open(ROOM)]);
    await client.open(ROOM);
    expect(shown()).to.deep.equal(['8', '9', '10', '11', '12']);
    expect(chat.requestsTo(route)).to.have.length(1);
    expect(client.timeline(ROOM)).to.include({ hasOlder: true, opened: true });
  });

  it('does not call a page of history new messages', async () => {
    const news: string[] = [];
    client.on('message', ({ message }) => news.push(message.content));
    await client.open(ROOM);
    expect(news).to.deep.equal([]);
  });

  it('loads older pages to the beginning', async () => {
    await client.open(ROOM);
    expect(await client.loadOlder(ROOM)).to.equal(true);
    expect(shown()).to.deep.equal(['3', '4', '5', '6', '7', '8', '9', '10', '11', '12']);
    expect(await client.loadOlder(ROOM)).to.equal(false);
    expect(shown()[0]).to.equal('1');
    expect(client.timeline(ROOM).hasOlder).to.equal(false);
    const count = chat.requestsTo(route).length;
    expect(await client.loadOlder(ROOM)).to.equal(false);
    expect(chat.requestsTo(route)).to.have.length(count);
  });

  it('asks once when it is told to load older messages twice at a time', async () => {
    await client.open(ROOM);
    await Promise.all([client.loadOlder(ROOM), client.loadOlder(ROOM)]);
    expect(shown()).to.have.length(10);
  });

  it('keeps the pages that were scrolled up to while new messages arrive, until they are released', async () => {
    await client.open(ROOM);
    await client.loadOlder(ROOM);
    chat.post({ content: '13' });
    expect(shown()).to.have.length(11);
    client.release(ROOM);
    expect(shown()).to.deep.equal(['8', '9', '10', '11', '12', '13']);
    expect(client.timeline(ROOM).hasOlder).to.equal(true);
  });

  it('does not join an older page to a list whose beginning has been dropped meanwhile', async () => {
    await client.open(ROOM);
    let release: (answer: { status: number; body: unknown }) => void = () => undefined;
    chat.script(route, new Promise((resolve) => (release = resolve)));
    const loading = client.loadOlder(ROOM);
    await settle();
    for (let n = 13; n <= 24; n++) chat.post({ content: String(n) });
    release({ status: 200, body: { messages: [], more: { before: false, after: true } } });
    expect(await loading).to.equal(true);
    expect(shown()[0]).to.equal('14');
    await client.loadOlder(ROOM);
    expect(shown().slice(0, 6)).to.deep.equal(['9', '10', '11', '12', '13', '14']);
  });

  it('holds a bounded number of older messages', async () => {
    for (let n = 13; n <= 200; n++) chat.commit({ content: String(n) });
    await client.open(ROOM);
    const load = async (): Promise<string> => {
      for (;;) if (!(await client.loadOlder(ROOM))) return 'the beginning';
    };
    expect(await load().catch((e: unknown) => (e as WarrenError).code)).to.equal('TIMELINE_FULL');
    expect(shown().length).to.be.within(60, 66);
  });

  it('shows a live message and history in one list', async () => {
    chat.post({ content: '13' });
    await client.open(ROOM);
    expect(shown().slice(-2)).to.deep.equal(['12', '13']);
  });

  it('still reports messages that a page has shown before their events were synced', async () => {
    const news: string[] = [];
    client.on('message', ({ message }) => news.push(message.content));
    chat.syncs = false;
    chat.commit({ content: '13' });
    chat.socket.push({ type: 'resync', withinMs: 0 });
    await chat.clock.advance(0);
    await client.open(ROOM);
    expect(shown().at(-1)).to.equal('13');
    expect(news).to.deep.equal([]);
    chat.answerSync(chat.socket.sent('sync').at(-1)!);
    expect(news).to.deep.equal(['13']);
  });

  it('can be opened again after a failure', async () => {
    chat.script(route, errorAnswer(404, 'NOT_FOUND'));
    expect(await client.open(ROOM).catch((e: unknown) => (e as WarrenError).code)).to.equal('NOT_FOUND');
    await client.open(ROOM);
    expect(shown()).to.have.length(5);
  });

  it('tells that the timeline has changed', async () => {
    const told: string[] = [];
    client.on('timeline', ({ channelId }) => told.push(channelId));
    await client.open(ROOM);
    expect(told).to.deep.equal([ROOM]);
  });
});
