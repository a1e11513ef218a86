import { expect } from 'chai';
import type { ChannelId } from '../../shared/domain/ids.js';
import { Connections, describeStomp } from '../support/stomp-service.js';
import { contentsOfFrames, wireFrame, type StompWire, type WireFrame } from '../support/stomp-wire.js';

const JSON_TYPE = { 'content-type': 'application/json' };

describeStomp('STOMP: sending', (service) => {
  const connections = new Connections(service);
  let channelId: ChannelId;
  let wire: StompWire;
  beforeEach(async () => {
    const { alice, bob } = service();
    channelId = await service().channel(alice, bob);
    wire = await connections.subscribe(alice, channelId);
  });

  const to = (): string => `/app/channels.${channelId}`;
  const ask = (headers: Readonly<Record<string, string>>, body = ''): Promise<WireFrame> =>
    wire.ask('SEND', { destination: to(), ...headers }, body);
  const told = async (): Promise<WireFrame> => (await wire.messages(1))[0] as WireFrame;

  it('the receipt names the message, and the sender is told of it as well', async () => {
    await ask({}, 'the first of the channel has none before it');
    await told();
    const { headers } = await ask({ 'client-id': 'c-1' }, '안녕하세요');
    expect(headers).to.include({ 'client-id': 'c-1', 'channel-id': channelId });
    const message = await told();
    expect(message.headers).to.include({
      subscription: 's',
      destination: `/topic/channels.${channelId}`,
      'message-id': headers['message-id'],
      'event-id': headers['event-id'],
      'client-id': 'c-1',
      'sender-id': service().alice.userId,
      'channel-id': channelId,
      'content-type': 'application/json;charset=utf-8',
      kind: 'message',
    });
    expect(JSON.parse(message.body)).to.include({ id: headers['message-id'], content: '안녕하세요', edited: false, deleted: false });
  });

  it('the same client-id is the same message', async () => {
    const first = await ask({ 'client-id': 'again' }, 'once');
    const second = await ask({ clientId: 'again', resend: 'true' }, 'once');
    expect(second.headers['message-id']).to.equal(first.headers['message-id']);
    await ask({}, 'next');
    expect(contentsOfFrames(await wire.messages(2))).to.deep.equal(['once', 'next']);
  });

  it('a client-id is made where there is none', async () => {
    expect((await ask({}, 'x')).headers['client-id']).to.match(/^.{16,}$/);
  });

  for (const [title, headers, body, content] of [
    ['plain text', { 'content-type': 'text/plain' }, '{"content":"x"}', '{"content":"x"}'],
    ['text without a type', {}, 'hello', 'hello'],
    ['JSON by its type', JSON_TYPE, '{"content":"hello"}', 'hello'],
    ['JSON with a parameter in its type', { 'content-type': 'application/json;charset=UTF-8' }, '{"content":"hello"}', 'hello'],
    ['an object with a content, without a type', {}, '{"content":"hello","x":1}', 'hello'],
    ['an object without a content, without a type', {}, '{"text":"hello"}', '{"text":"hello"}'],
    ['what only looks like an object', {}, '{hello', '{hello'],
  ] as const)
    it(`takes ${title}`, async () => {
      await ask(headers, body);
      expect(contentsOfFrames([await told()])).to.deep.equal([content]);
    });

  it('takes a text with a NUL in it, by its length', async () => {
    await ask({ 'content-length': '3' }, 'a\0b');
    expect(contentsOfFrames([await told()])).to.deep.equal(['a\0b']);
  });

  it('carries 100,000 characters of Korean', async () => {
    const text = '가'.repeat(100_000);
    await ask({}, text);
    expect(contentsOfFrames([await told()])).to.deep.equal([text]);
  });

  it('carries mentions, a parent and what a JSON body says', async () => {
    const { headers } = await ask({}, 'parent');
    await told();
    const parentId = headers['message-id'] ?? '';
    await ask({ 'parent-id': parentId, mentions: 'here, alice' }, 'comment');
    expect(JSON.parse((await told()).body)).to.deep.include({ parentId, mentions: ['here', 'alice'] });
    await ask(JSON_TYPE, JSON.stringify({ content: 'json', parentId, mentions: ['channel'] }));
    expect(JSON.parse((await told()).body)).to.deep.include({ parentId, mentions: ['channel'] });
  });

  it('edits, reacts and deletes', async () => {
    const { headers } = await ask({}, 'first');
    const about = headers['message-id'] ?? '';
    await ask({ kind: 'edit', 'message-id': about }, 'second');
    await ask({ kind: 'reaction', 'message-id': about, emoji: '👍', action: 'add' });
    await ask({ kind: 'delete', 'message-id': about });
    const [, edit, reaction, deletion] = (await wire.messages(4)) as [WireFrame, WireFrame, WireFrame, WireFrame];
    expect(edit.headers).to.include({ kind: 'edit', about });
    expect(JSON.parse(edit.body)).to.include({ messageId: about, content: 'second' });
    expect(reaction.headers).to.include({ kind: 'reaction', about });
    expect(JSON.parse(reaction.body)).to.include({ emoji: '👍', action: 'add' });
    expect(deletion.headers).to.include({ kind: 'delete', about });
  });

  for (const [title, headers, body, code, close] of [
    ['no destination', { destination: undefined }, 'x', 'INVALID_INPUT', 4503],
    ['a destination that is none', { destination: '/app/chat' }, 'x', 'NOT_FOUND', 4503],
    ['a channel that is none', { destination: '/app/channels.1' }, 'x', 'NOT_FOUND', 4503],
    ['a channel of nobody', { destination: '/app/channels.0000000000000' }, 'x', 'NOT_FOUND', 4503],
    ['nothing', {}, '', 'INVALID_INPUT', 4503],
    ['a kind that is none', { kind: 'shout' }, 'x', 'INVALID_INPUT', 4503],
    ['JSON that is none', JSON_TYPE, '{', 'INVALID_INPUT', 4503],
    ['JSON that is no object', JSON_TYPE, '["x"]', 'INVALID_INPUT', 4503],
    ['a client id with a space', { 'client-id': 'a b' }, 'x', 'INVALID_INPUT', 4503],
    ['an edit of nothing', { kind: 'edit', 'message-id': '0000000000000' }, 'x', 'NOT_FOUND', 4503],
    ['more characters than a message has', {}, 'x'.repeat(100_001), 'INVALID_INPUT', 4503],
    ['more bytes than a frame has', {}, 'x'.repeat(1_048_577), 'TOO_LARGE', undefined],
    ['a transaction', { transaction: 't' }, 'x', 'INVALID_INPUT', 4503],
  ] as const)
    it(`refuses ${title} with ${code}, and closes`, async () => {
      wire.send('SEND', { destination: to(), receipt: 'r', ...headers }, body);
      const error = await wire.next('ERROR');
      expect(error.headers).to.include({ code, temporary: 'false' });
      expect(JSON.parse(error.body)).to.include({ code });
      if (close !== undefined) {
        expect(error.headers['receipt-id']).to.equal('r');
        expect(await wire.closed).to.equal(close);
      } else expect(await wire.closed).to.be.oneOf([4504, 1009]);
    });

  it('refuses a body that is no UTF-8', async () => {
    wire.write(Buffer.concat([Buffer.from(`SEND\ndestination:${to()}\n\n`), Buffer.of(0xff, 0xfe, 0)]));
    expect(await wire.errorCode()).to.equal('INVALID_INPUT');
  });

  for (const command of ['BEGIN', 'COMMIT', 'ABORT'])
    it(`answers ${command} with a clear error`, async () => {
      wire.send(command, { transaction: 't' });
      const { headers } = await wire.next('ERROR');
      expect(headers).to.include({ code: 'INVALID_INPUT' });
      expect(headers['message']).to.include('transactions are not supported');
    });

  it('a frame that cannot be understood ends the connection with an error', async () => {
    wire.write('SAY\n\nhi\0');
    expect(await wire.errorCode()).to.equal('UNKNOWN_FRAME');
    expect(await wire.closed).to.equal(4503);
  });

  it('who is no member cannot send', async () => {
    const own = await service().channel(service().alice);
    const other = await connections.connect(service().bob);
    other.write(wireFrame('SEND', { destination: `/app/channels.${own}`, receipt: 'r' }, 'x'));
    expect((await other.next('ERROR')).headers).to.include({ code: 'NOT_FOUND', 'receipt-id': 'r' });
  });
});
