import { expect } from 'chai';
import type { ChannelId } from '../../../shared/domain/ids.js';
import { ChatWorld, type WorldUser } from '../../support/chat-world.js';
import { describeWith } from '../../support/products.js';
import { messageIdOf, type RawClient, type RawFrame } from '../../support/raw-client.js';
import { sendUntilAcked } from '../../support/send-until-acked.js';

describeWith('amqp', 'with two servers, and a network that fails', () => {
  describeWith('redis', 'between them and what they stand on', () => {
    let world: ChatWorld;
    let people: readonly [WorldUser, WorldUser];
    let channelId: ChannelId;
    let alice: RawClient;
    let bob: RawClient;

    before(async () => {
      world = await new ChatWorld().start({ servers: 2 });
      people = await world.users('alice', 'bob');
    });
    after(() => world.stop());
    beforeEach(async () => {
      channelId = await world.channel(...people);
      alice = await world.connect(people[0], 0);
      bob = await world.connect(people[1], 1);
      await alice.ask({ type: 'send', clientId: 'warm', channelId, content: 'warm' });
      await bob.nextShown(channelId);
    });
    afterEach(() => world.servers.forEach(({ lines }) => lines.mend()));

    const say = (clientId: string): Promise<RawFrame> => alice.ask({ type: 'send', clientId, channelId, content: clientId });
    const lines = (server: number) => world.servers[server]!.lines;

    it('a server without its broker acknowledges nothing, and the same send is acknowledged once it is back', async () => {
      lines(0).break('amqp');
      expect(await say('m1')).to.include({ type: 'error', code: 'UNAVAILABLE', temporary: true });
      lines(0).mend();
      await sendUntilAcked(alice, { channelId, clientId: 'm1' });
      expect(await bob.nextShown(channelId)).to.include({ content: 'm1' });
      const copies = bob.messages().filter(({ content }) => content === 'm1');
      expect(new Set(copies.map(messageIdOf))).to.have.property('size', 1);
    });

    it('what other servers deliver to one whose broker connection was cut reaches its devices by their sync', async () => {
      lines(1).break('amqp');
      const sent = await say('m1');
      lines(1).mend();
      await bob.next('resync');
      bob.send({ type: 'sync', requestId: 's', channels: [{ channelId, after: '' }] });
      const { channels } = await bob.next('synced', (frame) => frame['requestId'] === 's');
      const messages = (channels as readonly { readonly messages: readonly { readonly id: string }[] }[])[0]?.messages ?? [];
      expect(messages.map(({ id }) => id)).to.include(sent['id']);
    });

    it('a server without its Redis acknowledges nothing, keeps its sessions, and serves them once it is back', async () => {
      lines(0).break('redis');
      expect(await say('m1')).to.include({ type: 'error', code: 'UNAVAILABLE', temporary: true });
      await alice.settle();
      lines(0).mend();
      await sendUntilAcked(alice, { channelId, clientId: 'm1' });
      expect(await bob.nextShown(channelId)).to.include({ content: 'm1' });
    });

    it('a Redis that hangs is waited for two seconds, not for ever', async () => {
      lines(0).swallow('redis');
      const asked = performance.now();
      expect(await say('m1')).to.include({ type: 'error', temporary: true });
      expect(performance.now() - asked).to.be.lessThan(5_000);
      lines(0).mend();
      await sendUntilAcked(alice, { channelId, clientId: 'm1' });
    });

    it('a broker whose connection carries nothing any more is given up within seconds, and no ack is made up meanwhile', async () => {
      lines(0).swallow('amqp');
      const answer = await say('m1');
      expect(answer).to.include({ type: 'error', temporary: true });
      lines(0).mend();
      await sendUntilAcked(alice, { channelId, clientId: 'm1' });
      expect(await bob.nextShown(channelId)).to.include({ content: 'm1' });
    }).timeout(40_000);

    for (const [title, passage] of [
      ['200 ms of latency', { latencyMs: 200 }],
      ['bytes that come one by one', { sliced: 256 }],
    ] as const) {
      it(`${title} to the broker and to Redis cost time and nothing else`, async () => {
        lines(0).impair(passage);
        const acks = await Promise.all(['m1', 'm2', 'm3'].map(say));
        const ids = acks.map((ack) => ack['id'] as string);
        expect(ids).to.deep.equal([...ids].sort());
        for (const content of ['m1', 'm2', 'm3']) expect(await bob.nextShown(channelId)).to.include({ content });
      });
    }
  });
});
