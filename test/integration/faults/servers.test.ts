import { connect } from 'amqplib';
import { expect } from 'chai';
import { IdClock, type ChannelId, type SessionId } from '../../../shared/domain/ids.js';
import { ChatWorld, type WorldUser } from '../../support/chat-world.js';
import { eventually } from '../../support/eventually.js';
import { describeWith } from '../../support/products.js';
import type { RawClient, RawFrame } from '../../support/raw-client.js';

const HOUR_MS = 3_600_000;

describeWith('amqp', 'with chat servers that fail', (amqpUrl) => {
  describeWith('redis', 'or are gone', () => {
    let world: ChatWorld;
    let people: readonly [WorldUser, WorldUser];
    let channelId: ChannelId;
    let alice: RawClient;

    beforeEach(async () => {
      world = await new ChatWorld().start({ servers: 2 });
      people = await world.users('alice', 'bob');
      channelId = await world.channel(...people);
      alice = await world.connect(people[0], 0);
    });
    afterEach(() => world.stop());

    const say = (client: RawClient, content: string): Promise<RawFrame> =>
      client.ask({ type: 'send', clientId: content, channelId, content });

    /** Every content of the channel, as a device without anything is told. */
    async function sync(client: RawClient): Promise<string[]> {
      client.send({ type: 'sync', requestId: 'all', channels: [{ channelId, after: '' }] });
      const { channels } = await client.next('synced');
      const [answer] = channels as [{ readonly messages: readonly { readonly content: string }[] }];
      return answer.messages.map(({ content }) => content);
    }

    it('a user of a server that is gone misses nothing on another one, while the routes to the old one are still there', async () => {
      const before = await world.connect(people[1], 1);
      await say(alice, 'one');
      await before.next('message');
      world.servers[1]!.lines.break('amqp', 'redis');
      before.close();
      await say(alice, 'two');
      const after = await world.connect(people[1], 0);
      expect(await sync(after)).to.deep.equal(['one', 'two']);
      await say(alice, 'three');
      await after.next('message', ({ content }) => content === 'three');
      world.servers[1]!.lines.mend();
    });

    it('a route to a server where the user is not hides nobody: at most, a device hears of a message twice', async () => {
      const bob = await world.connect(people[1], 0);
      const elsewhere = (await world.tools.registry.list()).find(({ serverId }) => serverId === 'server2')!;
      const route = { userId: people[1].userId, deviceId: world.tools.ids.next() as never, sessionId: 'stale' as SessionId };
      await world.tools.directory.register([{ ...route, serverId: elsewhere.serverId, incarnation: elsewhere.incarnation }]);
      await say(alice, 'one');
      await say(alice, 'two');
      await bob.next('message', ({ content }) => content === 'two');
      expect([...new Set(bob.messages().map(({ content }) => content))]).to.deep.equal(['one', 'two']);
    });

    it('the devices of a server whose queue was deleted are told to sync, and get what is sent from then on', async () => {
      const bob = await world.connect(people[1], 1);
      const broker = await connect(amqpUrl);
      const channel = await broker.createChannel();
      await channel.deleteQueue(`${world.prefix}.queue.server2`);
      await bob.next('resync');
      await say(alice, 'one');
      expect(await bob.nextShown(channelId)).to.include({ content: 'one' });
      await broker.close();
    });

    for (const [title, offset] of [
      ['ahead', HOUR_MS],
      ['behind', -HOUR_MS],
    ] as const) {
      it(`a server whose clock is an hour ${title} keeps everybody’s order`, async () => {
        await world.addServer('server3', () => ({ ids: new IdClock({ node: 1_000, now: () => Date.now() + offset }) }));
        const [bob, watcher] = [await world.connect(people[1], 2), await world.connect(people[1], 1)];
        const ids: unknown[] = [];
        for (let n = 0; n < 6; n++) ids.push((await say(n % 2 === 0 ? alice : bob, `${n}`))['id']);
        expect(ids).to.deep.equal([...ids].sort());
        for (let n = 0; n < 6; n++) await watcher.next('message');
        expect(watcher.messages().map(({ id }) => id)).to.deep.equal(ids);
      });
    }

    it('a device that does not read is let go, and nobody else waits for it', async () => {
      const [slow, other] = [await world.connect(people[1], 1), await world.connect(people[1], 1)];
      slow.pause();
      const content = 'x'.repeat(90_000);
      for (let n = 0; n < 150; n++) {
        await alice.ask({ type: 'send', clientId: `m${n}`, channelId, content });
        await other.next('message');
      }
      await eventually(async () => ((await world.tools.registry.list()).find((s) => s.serverId === 'server2')?.connections ?? 2) === 1);
      slow.resume();
      expect([4001, 1006]).to.include((await slow.closed).code);
    });

    it('a worker that is gone is replaced: what it had not stored is stored by another one', async () => {
      await world.addWorker();
      const [first] = world.workers;
      first!.lines.break('amqp');
      const ack = await say(alice, 'one');
      await eventually(async () => (await world.tools.messages.getMany(channelId, [ack['id'] as never])).length === 1);
      first!.lines.mend();
    });
  });
});
