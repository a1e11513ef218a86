import { expect } from 'chai';
import type { ChannelId, EventId } from '../../../shared/domain/ids.js';
import { ChatWorld, type Infrastructure, type WorldUser } from '../../support/chat-world.js';
import { eventually } from '../../support/eventually.js';
import { Outage } from '../../support/outage.js';
import { describeWith } from '../../support/products.js';
import type { RawClient, RawFrame } from '../../support/raw-client.js';

describeWith('amqp', 'while a database is away', () => {
  describeWith('redis', 'on one server', () => {
    let world: ChatWorld;
    let [messages, people]: [Outage, Outage] = [new Outage(), new Outage()];
    let [ann, ben]: [WorldUser, WorldUser] = [undefined, undefined] as never;
    let channelId: ChannelId;
    let alice: RawClient;

    beforeEach(async () => {
      [messages, people] = [new Outage(), new Outage()];
      world = await new ChatWorld().start({ servers: 0, worker: false });
      const change = (ports: Infrastructure) => ({ messages: messages.of(ports.messages), channels: people.of(ports.channels) });
      await world.addServer('server1', change);
      await world.addWorker(change);
      await world.whole();
      [ann, ben] = await world.users('ann', 'ben');
      channelId = await world.channel(ann, ben);
      alice = await world.connect(ann, 0);
    });
    afterEach(() => world.stop());

    const say = (content: string, to = channelId): Promise<RawFrame> =>
      alice.ask({ type: 'send', clientId: content, channelId: to, content });

    it('messages are acknowledged, delivered and read without the message store, and stored once it is back', async () => {
      messages.begin();
      const bob = await world.connect(ben, 0);
      const ack = await say('one');
      expect(ack.type).to.equal('ack');
      expect(await bob.next('message')).to.include({ content: 'one' });
      bob.send({ type: 'sync', requestId: 's', channels: [{ channelId, after: '' }] });
      expect(await bob.next('synced')).to.have.nested.property('channels[0].messages[0].content', 'one');
      messages.end();
      await eventually(async () => (await world.tools.messages.getMany(channelId, [ack['id'] as EventId])).length === 1);
    });

    it('a sync that needs the message store is answered with what there is, and says that it has to be asked again', async () => {
      const ack = await say('one');
      await eventually(async () => (await world.tools.messages.getMany(channelId, [ack['id'] as EventId])).length === 1);
      messages.begin();
      alice.send({ type: 'sync', requestId: 's', channels: [{ channelId, after: '0000000000001' }] });
      const answer = await alice.next('synced');
      expect(answer).to.have.nested.property('channels[0].error', 'UNAVAILABLE');
      expect(answer).to.have.nested.property('channels[0].cursor', '0000000000001');
    });

    it('channels whose members are known go on without the people’s database, the others wait with a temporary error', async () => {
      const other = await world.channel(ann, ben);
      expect((await say('one')).type).to.equal('ack');
      people.begin();
      expect((await say('two')).type).to.equal('ack');
      expect(await say('three', other)).to.include({ type: 'error', code: 'UNAVAILABLE', temporary: true });
      people.end();
      expect((await say('four', other)).type).to.equal('ack');
    });
  });
});
