import { expect } from 'chai';
import type { ChannelId } from '../../shared/domain/ids.js';
import { Connections, describeStomp } from '../support/stomp-service.js';
import { contentsOfFrames, type StompWire, type WireFrame } from '../support/stomp-wire.js';

describeStomp('STOMP: acknowledging', (service) => {
  const connections = new Connections(service);
  let channelId: ChannelId;
  let bob: StompWire;
  beforeEach(async () => {
    channelId = await service().channel(service().alice, service().bob);
    bob = await connections.connect(service().bob);
  });

  const say = (body: string): Promise<WireFrame> => bob.ask('SEND', { destination: `/app/channels.${channelId}` }, body);
  const subscribe = (ack: string): Promise<StompWire> => connections.subscribe(service().alice, channelId, { ack });

  /** Three messages, as a subscription of that mode is told them. */
  async function three(ack: string): Promise<readonly [StompWire, readonly [WireFrame, WireFrame, WireFrame]]> {
    const alice = await subscribe(ack);
    for (const text of ['one', 'two', 'three']) await say(text);
    return [alice, (await alice.messages(3)) as unknown as readonly [WireFrame, WireFrame, WireFrame]];
  }

  /** What the device is told again when it comes back, and then something new. */
  async function toldAgain(count: number, ack = 'client'): Promise<readonly unknown[]> {
    const again = await subscribe(ack);
    await say('new');
    const contents = contentsOfFrames(await again.messages(count + 1));
    expect(contents.at(-1)).to.equal('new');
    return contents.slice(0, -1);
  }

  it('what a device has not acknowledged it is told again', async () => {
    await three('client');
    expect(await toldAgain(3)).to.deep.equal(['one', 'two', 'three']);
  });

  it('in mode client an ACK stands for everything before it', async () => {
    const [alice, [, two]] = await three('client');
    await alice.ask('ACK', { id: two.headers['ack'] });
    expect(await toldAgain(1)).to.deep.equal(['three']);
  });

  it('in mode client-individual it stands for itself: the cursor waits for those before', async () => {
    const [alice, [one, two, last]] = await three('client-individual');
    await alice.ask('ACK', { id: two.headers['ack'] });
    expect(await toldAgain(3, 'client-individual')).to.deep.equal(['one', 'two', 'three']);
    await alice.ask('ACK', { id: one.headers['ack'] });
    expect(await toldAgain(2, 'client-individual')).to.deep.equal(['three', 'new']);
    await alice.ask('ACK', { id: last.headers['ack'] });
    expect(await toldAgain(2, 'client-individual')).to.deep.equal(['new', 'new']);
  });

  it('NACK leaves a message as it is', async () => {
    const [alice, [one, two]] = await three('client-individual');
    await alice.ask('ACK', { id: one.headers['ack'] });
    await alice.ask('NACK', { id: two.headers['ack'] });
    expect(await toldAgain(2)).to.deep.equal(['two', 'three']);
  });

  it('a message is acknowledged twice without harm', async () => {
    const [alice, [one]] = await three('client');
    await alice.ask('ACK', { id: one.headers['ack'] });
    await alice.ask('ACK', { id: one.headers['ack'] });
    expect(await toldAgain(2)).to.deep.equal(['two', 'three']);
  });

  it('in mode auto nothing is to be acknowledged', async () => {
    const [alice, [one]] = await three('auto');
    expect(one.headers).not.to.have.property('ack');
    alice.send('ACK', { id: 'nothing' });
    expect(await alice.errorCode()).to.equal('INVALID_INPUT');
  });

  it('all of mine are acknowledged channel by channel', async () => {
    const mine = { id: 'mine', destination: '/user/queue/messages', ack: 'client-individual' };
    const other = await service().channel(service().bob, service().alice);
    const alice = await connections.connect(service().alice);
    await alice.ask('SUBSCRIBE', mine);
    await say('here');
    await bob.ask('SEND', { destination: `/app/channels.${other}` }, 'there');
    for (let left = 2; left > 0;) {
      const message = await alice.next('MESSAGE');
      if (message.headers['channel-id'] === channelId) await alice.ask('ACK', { id: message.headers['ack'] });
      if (message.headers['channel-id'] === channelId || message.headers['channel-id'] === other) left -= 1;
    }
    const again = await connections.connect(service().alice);
    again.send('SUBSCRIBE', mine);
    await say('new');
    const told: unknown[] = [];
    while (!told.includes('new') || !told.includes('there')) {
      const message = await again.next('MESSAGE');
      if ([channelId as string, other].includes(message.headers['channel-id'] ?? '')) told.push(...contentsOfFrames([message]));
    }
    expect(told).not.to.include('here');
  });

  it('in 1.1 an ACK names the message and the subscription', async () => {
    const alice = await connections.connect(service().alice, { 'accept-version': '1.1' });
    await alice.ask('SUBSCRIBE', { id: 's', destination: `/topic/channels.${channelId}`, ack: 'client' });
    await say('one');
    const [one] = (await alice.messages(1)) as [WireFrame];
    await alice.ask('ACK', { 'message-id': one.headers['message-id'], subscription: 's' });
    await say('two');
    expect(await toldAgain(1)).to.deep.equal(['two']);
  });

  it('in 1.0 an ACK names the message, and there is no NACK', async () => {
    const alice = await connections.connect(service().alice, {});
    await alice.ask('SUBSCRIBE', { destination: `/topic/channels.${channelId}`, ack: 'client' });
    await say('one');
    const [one] = (await alice.messages(1)) as [WireFrame];
    await alice.ask('ACK', { 'message-id': one.headers['message-id'] });
    alice.send('NACK', { 'message-id': one.headers['message-id'] });
    expect(await alice.errorCode()).to.equal('UNKNOWN_FRAME');
    await say('two');
    expect(await toldAgain(1)).to.deep.equal(['two']);
  });
});
