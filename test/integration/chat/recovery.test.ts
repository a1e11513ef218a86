import { expect } from 'chai';
import type { ChannelId, ClientId, EventId } from '../../../shared/domain/ids.js';
import type { ChatEvent } from '../../../shared/domain/events.js';
import { createdAtOf } from '../../../shared/routing/event-draft.js';
import { partitionOf } from '../../../shared/routing/partition.js';
import { ChatWorld, type WorldUser } from '../../support/chat-world.js';
import { describeWith } from '../../support/products.js';

/** What a server does before it dies between the broker's confirm and everything after it. */
async function commitAndDie(world: ChatWorld, channelId: ChannelId, sender: WorldUser): Promise<EventId> {
  const { tools } = world;
  const proposed = tools.ids.next() as EventId;
  const clientId = `dying-${proposed}` as ClientId;
  await tools.sequencer.advance([{ channelId, id: '' as EventId }]);
  const [reserved] = await tools.sequencer.reserve([{ channelId, senderId: sender.userId, clientId, proposed }]);
  expect(reserved).to.have.property('status', 'reserved');
  const prev = (reserved as { prev: EventId }).prev;
  const event: ChatEvent = {
    type: 'message',
    id: proposed,
    prev,
    channelId,
    senderId: sender.userId,
    clientId,
    createdAt: createdAtOf(proposed),
    content: 'last words',
  };
  await tools.publisher.commit(partitionOf(channelId, 2), Buffer.from(JSON.stringify(event)));
  return proposed;
}

describeWith('amqp', 'recovery', () => {
  describeWith('redis', 'on two servers', () => {
    let world: ChatWorld;
    beforeEach(async () => {
      world = await new ChatWorld().start({ servers: 2 });
    });
    afterEach(() => world.stop());

    it('a message whose server died after the commit reaches the members, under a new event id', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const b = await world.connect(bob, 1);
      const messageId = await commitAndDie(world, channelId, alice);
      const event = await b.next('message');
      expect(event).to.include({ messageId, content: 'last words' });
      expect((event['id'] as string) > messageId).to.equal(true);
    });

    it('the sender that repeats it gets the id that everybody has', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const [a, b] = [await world.connect(alice, 0), await world.connect(bob, 1)];
      const messageId = await commitAndDie(world, channelId, alice);
      await b.next('message');
      const again = { type: 'send', clientId: `dying-${messageId}`, channelId, content: 'last words', resend: true };
      const ack = await a.ask(again);
      expect(ack['messageId'] ?? ack['id']).to.equal(messageId);
    });

    it('a server whose lease and routes were lost makes its sessions findable again and tells them to sync', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const [a, b] = [await world.connect(alice, 0), await world.connect(bob, 1)];
      const { client } = world.tools.redis;
      await client.del(...(await client.keys(`${world.prefix}:*`)));
      await Promise.all([a.next('resync'), b.next('resync')]);
      await a.ask({ type: 'send', clientId: 'm1', channelId, content: 'back' });
      expect(await b.next('message')).to.include({ content: 'back' });
    });

    it('ids go on past the store when Redis has forgotten them', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const a = await world.connect(alice, 0);
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) {
        const ack = await a.ask({ type: 'send', clientId: `m${n}`, channelId, content: `${n}` });
        ids.push(ack['id'] as string);
        await world.tools.redis.client.del(`${world.prefix}:last:${channelId}`);
      }
      expect(ids).to.deep.equal([...new Set(ids)].sort());
    });

    it('a server that stops tells its sessions to go, answers what is in flight, and is named no more', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const a = await world.connect(alice, 0);
      const answers = Array.from({ length: 20 }, (_, n) => a.ask({ type: 'send', clientId: `m${n}`, channelId, content: `${n}` }));
      const [stopping] = world.servers.splice(0, 1);
      await Promise.all([stopping!.stop(), a.next('drain')]);
      expect((await Promise.all(answers)).map((answer) => answer.type)).to.deep.equal(Array.from({ length: 20 }, () => 'ack'));
      expect((await a.closed).code).to.equal(4000);
      expect((await world.tools.registry.list()).map((server) => server.serverId)).to.deep.equal(['server2']);
    });
  });

  describeWith('redis', 'without a worker', () => {
    let world: ChatWorld;
    before(async () => {
      world = await new ChatWorld().start({ servers: 1, worker: false });
    });
    after(() => world.stop());

    it('acknowledged messages are read at once, while nothing is stored', async () => {
      const [alice] = await world.users('alice');
      const channelId = await world.channel(alice);
      const a = await world.connect(alice, 0);
      const first = await a.ask({ type: 'send', clientId: 'm1', channelId, content: 'one' });
      await a.ask({ type: 'edit', clientId: 'e1', channelId, messageId: first['id'], content: 'uno' });
      await a.ask({ type: 'react', clientId: 'r1', channelId, messageId: first['id'], emoji: '🎉', action: 'add' });
      a.send({ type: 'sync', requestId: 'all', channels: [{ channelId, after: '' }] });
      const answer = await a.next('synced');
      expect(answer).to.have.nested.property('channels[0].messages').with.lengthOf(1);
      expect(answer).to.have.nested.property('channels[0].messages[0].content', 'uno');
      expect(answer).to.have.nested.property('channels[0].messages[0].reactions[0].count', 1);
      a.send({ type: 'sync', requestId: 'rest', channels: [{ channelId, after: first['id'] }] });
      const rest = await a.next('synced', (frame) => frame['requestId'] === 'rest');
      expect(rest).to.have.nested.property('channels[0].messages[0].edited', true);
    });
  });
});
