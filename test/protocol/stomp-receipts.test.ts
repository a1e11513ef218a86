import { expect } from 'chai';
import type { ChannelId } from '../../shared/domain/ids.js';
import { Connections, describeStomp } from '../support/stomp-service.js';
import type { StompWire, WireFrame } from '../support/stomp-wire.js';

const RECEIPTS = { id: 'r', destination: '/user/queue/receipts' };

describeStomp('STOMP: receipts', (service) => {
  const connections = new Connections(service);
  let channelId: ChannelId;
  let alice: StompWire;
  let bob: StompWire;
  beforeEach(async () => {
    channelId = await service().channel(service().alice, service().bob);
    alice = await connections.connect(service().alice);
    bob = await connections.connect(service().bob);
  });

  const say = (body: string): Promise<WireFrame> => alice.ask('SEND', { destination: `/app/channels.${channelId}` }, body);
  const give = (body: object): Promise<WireFrame> => bob.ask('SEND', { destination: `/app/receipts.${channelId}` }, JSON.stringify(body));
  const receiptIn = ({ body }: WireFrame): unknown => JSON.parse(body);
  const one = async (wire: StompWire): Promise<WireFrame> => (await wire.messages(1))[0]!;

  it('who has subscribed is told how far a member has got', async () => {
    await alice.ask('SUBSCRIBE', RECEIPTS);
    const { 'message-id': id } = (await say('one')).headers;
    await give({ read: id });
    const told = await one(alice);
    expect(told.headers).to.include({
      ...{ subscription: 'r', destination: RECEIPTS.destination, kind: 'receipt' },
      ...{ 'channel-id': channelId, 'user-id': service().bob.userId },
    });
    expect(receiptIn(told)).to.deep.equal({ channelId, userId: service().bob.userId, delivered: id, read: id });
  });

  it('the reader’s other connection is told, too', async () => {
    const phone = await connections.connect(service().bob);
    await phone.ask('SUBSCRIBE', RECEIPTS);
    const { 'message-id': id } = (await say('one')).headers;
    await give({ delivered: id });
    expect(receiptIn(await one(phone))).to.deep.equal({ channelId, userId: service().bob.userId, delivered: id, read: '' });
  });

  it('an ACK of messages says that they were delivered', async () => {
    await alice.ask('SUBSCRIBE', RECEIPTS);
    await bob.ask('SUBSCRIBE', { id: 's', destination: `/topic/channels.${channelId}`, ack: 'client' });
    const { 'message-id': id } = (await say('one')).headers;
    await bob.ask('ACK', { id: (await one(bob)).headers['ack'] });
    expect(receiptIn(await one(alice))).to.deep.equal({ channelId, userId: service().bob.userId, delivered: id, read: '' });
  });

  it('an ACK of a receipt is taken and says nothing', async () => {
    await alice.ask('SUBSCRIBE', { ...RECEIPTS, ack: 'client' });
    const { 'message-id': id } = (await say('one')).headers;
    await give({ read: id });
    const told = await one(alice);
    await alice.ask('ACK', { id: told.headers['ack'] });
    expect((await say('still here')).command).to.equal('RECEIPT');
  });

  it('nobody else is told, and a subscription to messages is not, either', async () => {
    await alice.ask('SUBSCRIBE', { id: 'mine', destination: '/user/queue/messages' });
    const { 'message-id': id } = (await say('one')).headers;
    await alice.messages(1);
    const phone = await connections.connect(service().bob);
    await phone.ask('SUBSCRIBE', RECEIPTS);
    await give({ read: id });
    await one(phone);
    await say('two');
    expect((await one(alice)).headers['kind']).to.equal('message');
  });

  const refusals: readonly (readonly [string, string, string, string])[] = [
    ['without a position', '/app/receipts.0000000000000', '{}', 'INVALID_INPUT'],
    ['that is no JSON', '/app/receipts.0000000000000', 'read', 'INVALID_INPUT'],
    ['that is null', '/app/receipts.0000000000000', 'null', 'INVALID_INPUT'],
    ['with a position that is none', '/app/receipts.0000000000000', '{"read":7}', 'INVALID_INPUT'],
    ['for a channel that is none', '/app/receipts.general', '{"read":"0000000000000"}', 'NOT_FOUND'],
  ];
  for (const [what, destination, body, code] of refusals)
    it(`refuses a receipt ${what}`, async () => {
      bob.send('SEND', { destination }, body);
      expect(await bob.errorCode()).to.equal(code);
    });
});
