import { expect } from 'chai';
import type { ChannelId } from '../../shared/domain/ids.js';
import { Connections, describeStomp } from '../support/stomp-service.js';
import { contentsOfFrames, type StompWire, type WireFrame } from '../support/stomp-wire.js';

const MINE = { id: 'mine', destination: '/user/queue/messages' };

describeStomp('STOMP: subscribing', (service) => {
  const connections = new Connections(service);
  let channelId: ChannelId;
  beforeEach(async () => {
    channelId = await service().channel(service().alice, service().bob);
  });

  const topic = (): string => `/topic/channels.${channelId}`;
  const say = (wire: StompWire, body: string, to = channelId): Promise<WireFrame> =>
    wire.ask('SEND', { destination: `/app/channels.${to}` }, body);

  it('tells what comes after it, and nothing before', async () => {
    const bob = await connections.connect(service().bob);
    await say(bob, 'before');
    const alice = await connections.subscribe(service().alice, channelId);
    await say(bob, 'after');
    expect(contentsOfFrames(await alice.messages(1))).to.deep.equal(['after']);
  });

  it('the receipt says where it begins', async () => {
    const bob = await connections.connect(service().bob);
    const { headers } = await say(bob, 'before');
    const alice = await connections.connect(service().alice);
    const receipt = await alice.ask('SUBSCRIBE', { id: 's', destination: topic() });
    expect(receipt.headers['event-id']).to.equal(headers['event-id']);
  });

  it('only members may', async () => {
    const own = await service().channel(service().alice);
    const bob = await connections.connect(service().bob);
    bob.send('SUBSCRIBE', { id: 's', destination: `/topic/channels.${own}`, receipt: 'r' });
    expect((await bob.next('ERROR')).headers).to.include({ code: 'NOT_FOUND', 'receipt-id': 'r' });
    expect(await bob.closed).to.equal(4503);
  });

  it('tells each subscription that covers a message', async () => {
    const alice = await connections.subscribe(service().alice, channelId);
    await alice.ask('SUBSCRIBE', MINE);
    await say(alice, 'hello');
    const messages = await alice.messages(2);
    expect(messages.map(({ headers }) => headers['subscription'])).to.have.members(['s', 'mine']);
    expect(new Set(messages.map(({ headers }) => headers['message-id'])).size).to.equal(1);
  });

  it('tells nothing after UNSUBSCRIBE', async () => {
    const alice = await connections.subscribe(service().alice, channelId);
    await say(alice, 'one');
    await alice.messages(1);
    await alice.ask('UNSUBSCRIBE', { id: 's' });
    await say(alice, 'two');
    await alice.ask('SUBSCRIBE', { id: 's', destination: topic() });
    await say(alice, 'three');
    expect(contentsOfFrames(await alice.messages(1))).to.deep.equal(['three']);
  });

  it('all of mine are told of channels that came into being meanwhile', async () => {
    const alice = await connections.connect(service().alice);
    await alice.ask('SUBSCRIBE', MINE);
    const other = await service().channel(service().bob, service().alice);
    const bob = await connections.connect(service().bob);
    await say(bob, 'here');
    await say(bob, 'there', other);
    const messages: WireFrame[] = [];
    while (messages.length < 2) messages.push(...(await alice.messages(1)).filter(({ headers }) => headers['kind'] === 'message'));
    expect(messages.map(({ headers }) => headers['channel-id'])).to.have.members([channelId, other]);
    expect(messages.every(({ headers }) => headers['destination'] === MINE.destination)).to.equal(true);
  });

  it('resumes after the last event, without a gap', async () => {
    const bob = await connections.connect(service().bob);
    const first = await connections.subscribe(service().alice, channelId);
    await say(bob, 'seen');
    const [seen] = (await first.messages(1)) as [WireFrame];
    first.destroy();
    for (let n = 0; n < 120; n++) bob.send('SEND', { destination: `/app/channels.${channelId}`, 'client-id': `n${n}` }, `missed ${n}`);
    await say(bob, 'missed 120');
    const again = await connections.connect(service().alice);
    again.send('SUBSCRIBE', { id: 's', destination: topic(), 'last-event-id': seen.headers['event-id'] });
    await say(again, 'live');
    const contents = contentsOfFrames(await again.messages(122));
    expect(contents).to.deep.equal([...Array.from({ length: 121 }, (_, n) => `missed ${n}`), 'live']);
  });

  it('resumes from the beginning', async () => {
    const bob = await connections.connect(service().bob);
    for (const text of ['one', 'two', 'three']) await say(bob, text);
    const alice = await connections.connect(service().alice);
    alice.send('SUBSCRIBE', { id: 's', destination: topic(), 'last-event-id': '' });
    expect(contentsOfFrames(await alice.messages(3))).to.deep.equal(['one', 'two', 'three']);
  });

  it('a resumed subscription tells messages that have changed as they are now', async () => {
    const bob = await connections.connect(service().bob);
    const old = await say(bob, 'old');
    const last = await say(bob, 'last');
    await bob.ask('SEND', { destination: `/app/channels.${channelId}`, kind: 'edit', 'message-id': old.headers['message-id'] }, 'new');
    const alice = await connections.connect(service().alice);
    alice.send('SUBSCRIBE', { id: 's', destination: topic(), 'last-event-id': last.headers['event-id'] });
    const [changed] = (await alice.messages(1)) as [WireFrame];
    expect(changed.headers).to.include({ kind: 'changed', about: old.headers['message-id'] });
    expect(JSON.parse(changed.body)).to.include({ content: 'new', edited: true });
  });

  it('all of mine resume as well; what is told twice has the same id', async () => {
    const other = await service().channel(service().bob, service().alice);
    const first = await connections.connect(service().alice);
    await first.ask('SUBSCRIBE', MINE);
    const bob = await connections.connect(service().bob);
    await say(bob, 'seen');
    const seen = await first.next('MESSAGE');
    first.destroy();
    const missed = [await say(bob, 'missed'), await say(bob, 'missed there', other)].map(({ headers }) => headers['message-id']);
    const again = await connections.connect(service().alice);
    again.send('SUBSCRIBE', { ...MINE, 'last-event-id': seen.headers['event-id'] });
    const ids = new Set<string | undefined>();
    while (!missed.every((id) => ids.has(id))) ids.add((await again.next('MESSAGE')).headers['message-id']);
  });

  for (const [title, headers, code] of [
    ['without a destination', { id: 's' }, 'INVALID_INPUT'],
    ['without an id', { destination: MINE.destination }, 'INVALID_INPUT'],
    ['to what is not there', { id: 's', destination: '/topic/news' }, 'NOT_FOUND'],
    ['to a channel that is none', { id: 's', destination: '/topic/channels.general' }, 'NOT_FOUND'],
    ['to the presence of a team that is none', { id: 's', destination: '/topic/presence.everybody' }, 'NOT_FOUND'],
    ['to the presence of a team of others', { id: 's', destination: '/topic/presence.0000000000000' }, 'NOT_FOUND'],
    ['to presence with acknowledgements', { id: 's', destination: '/topic/presence.0000000000000', ack: 'client' }, 'INVALID_INPUT'],
    ['with an ack mode that is none', { ...MINE, ack: 'maybe' }, 'INVALID_INPUT'],
    ['from an event that is none', { ...MINE, 'last-event-id': '17' }, 'INVALID_INPUT'],
  ] as const)
    it(`refuses one ${title}`, async () => {
      const alice = await connections.connect(service().alice);
      alice.send('SUBSCRIBE', headers);
      expect(await alice.errorCode()).to.equal(code);
    });

  it('refuses an id that is in use, and to end what was not begun', async () => {
    const twice = await connections.subscribe(service().alice, channelId);
    twice.send('SUBSCRIBE', { id: 's', destination: MINE.destination });
    expect(await twice.errorCode()).to.equal('INVALID_INPUT');
    const never = await connections.connect(service().alice);
    never.send('UNSUBSCRIBE', { id: 's' });
    expect(await never.errorCode()).to.equal('INVALID_INPUT');
  });

  it('in 1.0 a subscription is known by its destination', async () => {
    const alice = await connections.connect(service().alice, {});
    await alice.ask('SUBSCRIBE', { destination: topic() });
    await say(alice, 'hello');
    const [message] = (await alice.messages(1)) as [WireFrame];
    expect(message.headers).to.include({ destination: topic() }).and.not.have.property('subscription');
    await alice.ask('UNSUBSCRIBE', { destination: topic() });
  });
});
