import { expect } from 'chai';
import type { WarrenClient, WarrenError } from '../../../client/mod.js';
import type { ChannelId, ClientId } from '../../../shared/domain/ids.js';
import type { ErrorFrame } from '../../../shared/protocol/frames.js';
import { FakeChat, ROOM } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';

const OTHER = '0K3W000000002' as ChannelId;

describe('client: sending', () => {
  let chat: FakeChat;
  let client: WarrenClient;

  beforeEach(async () => {
    chat = new FakeChat();
    chat.addRoom();
    chat.addRoom(OTHER);
    client = await chat.client();
  });

  afterEach(() => client.close());

  const statuses = (): string[] => client.timeline(ROOM).messages.map((m) => m.status);
  const refusal = (clientId: ClientId, parts: Partial<ErrorFrame> = {}): ErrorFrame => ({
    ...{ type: 'error', code: 'FORBIDDEN', message: 'no', temporary: false, clientId },
    ...parts,
  });
  const codeOf = async (promise: Promise<unknown>): Promise<string> => {
    try {
      await promise;
      return 'resolved';
    } catch (error) {
      return (error as WarrenError).code;
    }
  };

  it('shows a message at once as pending, then as sent', async () => {
    const { acked } = client.send(ROOM, 'hello');
    expect(statuses()).to.deep.equal(['pending']);
    const { id } = await acked;
    expect(client.timeline(ROOM).messages).to.have.length(1);
    expect(client.timeline(ROOM).messages[0]).to.include({ id, status: 'sent', content: 'hello' });
  });

  it('tells that it was sent, and does not call it a new message', async () => {
    const told: string[] = [];
    client.on('sent', ({ clientId }) => told.push(clientId));
    client.on('message', () => told.push('message'));
    const { clientId, acked } = client.send(ROOM, 'hello');
    await acked;
    expect(told).to.deep.equal([clientId]);
  });

  it('sends mentions, parent and attachments', async () => {
    const attachment = { type: 'file', url: 'https://files.test/a', name: 'a', bytes: 1 } as const;
    const parentId = chat.post().id;
    await client.send(ROOM, 'hello @bob', { mentions: ['bob'], parentId, attachments: [attachment] }).acked;
    expect(chat.socket.sent('send')[0]).to.deep.include({ mentions: ['bob'], parentId, attachments: [attachment] });
  });

  it('sends the messages of a channel one after the other, in order', async () => {
    chat.acks = false;
    client.send(ROOM, 'one');
    client.send(ROOM, 'two');
    await settle();
    expect(chat.socket.sent('send').map((f) => f.content)).to.deep.equal(['one']);
    chat.acknowledge(chat.socket.sent('send')[0]!);
    await settle();
    expect(chat.socket.sent('send').map((f) => f.content)).to.deep.equal(['one', 'two']);
  });

  it('writes the frames of one turn as one WebSocket message', async () => {
    const before = chat.socket.messages.length;
    client.send(ROOM, 'one');
    client.send(OTHER, 'two');
    await settle();
    expect(chat.socket.messages[before]?.split('\n')).to.have.length(2);
  });

  it('keeps what is written while offline and sends it after hello', async () => {
    client.disconnect();
    const { acked } = client.send(ROOM, 'later');
    expect(statuses()).to.deep.equal(['pending']);
    await client.connect();
    await acked;
    expect(chat.socket.sent('send')[0]?.resend).to.equal(undefined);
  });

  it('sends again with the same clientId and resend after the connection was lost', async () => {
    chat.acks = false;
    const { clientId } = client.send(ROOM, 'hello');
    await settle();
    chat.socket.end(1006);
    await chat.clock.advance(300);
    expect(chat.sockets.all).to.have.length(2);
    expect(chat.socket.sent('send')[0]).to.include({ clientId, resend: true });
  });

  it('takes the event for the ack when that comes instead', async () => {
    chat.acks = false;
    const told: string[] = [];
    client.on('sent', () => told.push('sent'));
    client.on('message', () => told.push('message'));
    const { clientId, acked } = client.send(ROOM, 'hello');
    await settle();
    const event = chat.post({ senderId: chat.user.id, clientId, content: 'hello' });
    expect(told).to.deep.equal(['sent']);
    expect(await acked).to.deep.equal({ channelId: ROOM, id: event.id, messageId: event.id });
    expect(statuses()).to.deep.equal(['sent']);
    expect(client.unsent).to.equal(0);
  });

  it('takes a synced message for the ack', async () => {
    chat.acks = false;
    const { clientId, acked } = client.send(ROOM, 'hello');
    await settle();
    chat.commit({ senderId: chat.user.id, clientId, content: 'hello' });
    chat.socket.push({ type: 'resync', withinMs: 0 });
    await chat.clock.advance(0);
    expect((await acked).channelId).to.equal(ROOM);
    expect(statuses()).to.deep.equal(['sent']);
  });

  it('tries again after a temporary error, not before the given time, ahead of later messages', async () => {
    chat.acks = false;
    const { clientId } = client.send(ROOM, 'one');
    client.send(ROOM, 'two');
    await settle();
    chat.socket.push(refusal(clientId, { code: 'RATE_LIMITED', temporary: true, retryAfterMs: 2_000 }));
    await chat.clock.advance(1_999);
    expect(chat.socket.sent('send')).to.have.length(1);
    await chat.clock.advance(1);
    expect(chat.socket.sent('send').map((f) => f.content)).to.deep.equal(['one', 'one']);
    expect(chat.socket.sent('send')[1]).to.include({ clientId, resend: true });
    expect(statuses()).to.deep.equal(['pending', 'pending']);
  });

  it('does not send what it was told to hold back because something else is sent', async () => {
    chat.acks = false;
    const { clientId } = client.send(ROOM, 'one');
    await settle();
    chat.socket.push(refusal(clientId, { code: 'RATE_LIMITED', temporary: true, retryAfterMs: 2_000 }));
    client.send(OTHER, 'elsewhere');
    await settle();
    expect(chat.socket.sent('send').map((f) => f.content)).to.deep.equal(['one', 'elsewhere']);
  });

  it('sends what it held back by its own choice as soon as something else is acknowledged', async () => {
    chat.acks = false;
    const { clientId } = client.send(ROOM, 'one');
    await settle();
    chat.socket.push(refusal(clientId, { code: 'UNAVAILABLE', temporary: true }));
    chat.acks = true;
    client.send(OTHER, 'elsewhere');
    await settle();
    expect(chat.socket.sent('send').map((f) => f.content)).to.deep.equal(['one', 'elsewhere', 'one']);
  });

  it('waits longer after each temporary error', async () => {
    chat.acks = false;
    chat.random = 0.999;
    const { clientId } = client.send(ROOM, 'one');
    await settle();
    const waits: number[] = [];
    for (let n = 0; n < 4; n++) {
      const start = chat.clock.now();
      const count = chat.socket.sent('send').length;
      chat.socket.push(refusal(clientId, { code: 'OVERLOADED', temporary: true }));
      while (chat.socket.sent('send').length === count) await chat.clock.advance(1);
      waits.push(chat.clock.now() - start);
    }
    expect(waits).to.deep.equal([499, 999, 1_998, 3_996]);
  });

  it('rejects and shows a message that is refused for good, and goes on with the next', async () => {
    chat.acks = false;
    const told: string[] = [];
    client.on('failed', ({ error }) => told.push(error.code));
    const { clientId, acked } = client.send(ROOM, 'one');
    client.send(ROOM, 'two');
    await settle();
    chat.socket.push(refusal(clientId));
    expect(await codeOf(acked)).to.equal('FORBIDDEN');
    await settle();
    expect(statuses()).to.deep.equal(['failed', 'pending']);
    expect(client.timeline(ROOM).messages[0]?.error?.code).to.equal('FORBIDDEN');
    expect(chat.socket.sent('send').map((f) => f.content)).to.deep.equal(['one', 'two']);
    expect(told).to.deep.equal(['FORBIDDEN']);
  });

  it('tries a failed message again as the same message', async () => {
    chat.acks = false;
    const { clientId } = client.send(ROOM, 'one');
    await settle();
    chat.socket.push(refusal(clientId));
    chat.acks = true;
    await client.retry(clientId)?.acked;
    expect(statuses()).to.deep.equal(['sent']);
    expect(chat.socket.sent('send')[1]?.clientId).to.equal(clientId);
  });

  it('discards a pending message', async () => {
    chat.acks = false;
    const { clientId, acked } = client.send(ROOM, 'one');
    client.discard(clientId);
    expect(await codeOf(acked)).to.equal('DISCARDED');
    expect(statuses()).to.deep.equal([]);
    expect(client.unsent).to.equal(0);
  });

  it('edits, deletes and reacts over the same outbox, and shows it once acknowledged', async () => {
    const { id } = await client.send(ROOM, 'hello').acked;
    await client.edit(ROOM, id, 'hello!').acked;
    expect(client.timeline(ROOM).messages[0]).to.include({ content: 'hello!', edited: true });
    await client.react(ROOM, id, { emoji: '👍', action: 'add' }).acked;
    expect(client.timeline(ROOM).messages[0]?.reactions).to.deep.equal([{ emoji: '👍', count: 1, users: [chat.user.id] }]);
    await client.remove(ROOM, id).acked;
    expect(client.timeline(ROOM).messages[0]?.deleted).to.equal(true);
  });

  it('refuses what the server would refuse for good', () => {
    const tooLong = 'x'.repeat(100_001);
    expect(() => client.send(ROOM, tooLong))
      .to.throw()
      .with.property('code', 'TOO_LARGE');
    expect(() => client.send(ROOM, ''))
      .to.throw()
      .with.property('code', 'INVALID_INPUT');
    expect(client.timeline(ROOM).messages).to.deep.equal([]);
  });

  it('refuses a frame larger than the limit that hello names', async () => {
    const small = '한'.repeat(90_000);
    await client.send(ROOM, small).acked;
    expect(() => client.send(ROOM, '\u0000'.repeat(100_000), { mentions: Array<string>(100).fill('\u0001'.repeat(9_000)) }))
      .to.throw()
      .with.property('code', 'TOO_LARGE');
  });

  it('holds at most 1,000 entries', () => {
    client.disconnect();
    for (let n = 0; n < 1_000; n++) client.send(ROOM, 'x');
    expect(() => client.send(ROOM, 'x'))
      .to.throw()
      .with.property('code', 'OUTBOX_FULL');
    expect(client.timeline(ROOM).messages).to.have.length(1_000);
  });

  it('holds at most 8 MB', () => {
    client.disconnect();
    const text = 'x'.repeat(100_000);
    for (let n = 0; n < 83; n++) client.send(ROOM, text);
    expect(() => client.send(ROOM, text))
      .to.throw()
      .with.property('code', 'OUTBOX_FULL');
    client.send(ROOM, 'a short one still fits');
  });

  it('gives its room back as messages are acknowledged', async () => {
    const text = 'x'.repeat(100_000);
    for (let n = 0; n < 100; n++) await client.send(ROOM, text).acked;
    expect(client.unsent).to.equal(0);
  });

  it('does not send without a login', async () => {
    const nobody = await chat.client({ login: false });
    expect(() => nobody.send(ROOM, 'x'))
      .to.throw()
      .with.property('code', 'NOT_LOGGED_IN');
    await nobody.close();
  });
});
