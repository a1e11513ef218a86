import { expect } from 'chai';
import { ChatWorld } from '../../support/chat-world.js';
import { describeWith } from '../../support/products.js';
import type { RawClient, RawFrame } from '../../support/raw-client.js';

async function sync(client: RawClient, channelId: string, after = ''): Promise<readonly RawFrame[]> {
  client.send({ type: 'sync', requestId: `s${Math.random()}`, channels: [{ channelId, after }] });
  const answer = (await client.next('synced')) as unknown as { readonly channels: readonly { readonly messages: readonly RawFrame[] }[] };
  return answer.channels[0]?.messages ?? [];
}

describeWith('amqp', 'a resend is the same message', () => {
  describeWith('redis', 'on two servers', () => {
    let world: ChatWorld;
    before(async () => {
      world = await new ChatWorld().start({ servers: 2 });
    });
    after(() => world.stop());

    it('when it is repeated on another server', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const [first, second, b] = [await world.connect(alice, 0), await world.connect(alice, 1), await world.connect(bob, 1)];
      const send = { type: 'send', clientId: 'once', channelId, content: 'hello' };
      const ack = await first.ask(send);
      const again = await second.ask({ ...send, resend: true });
      expect(again).to.include({ type: 'ack', id: ack['id'], createdAt: ack['createdAt'] });
      await second.ask({ ...send, clientId: 'last' });
      await b.next('message', (frame) => frame['clientId'] === 'last');
      expect(b.messages().map((frame) => frame['clientId'])).to.deep.equal(['once', 'last']);
      expect(await sync(b, channelId)).to.have.lengthOf(2);
    });

    it('when both servers get it at the same moment', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const [first, second, b] = [await world.connect(alice, 0), await world.connect(alice, 1), await world.connect(bob, 1)];
      const answers: RawFrame[] = [];
      for (let n = 0; n < 20; n++) {
        const send = { type: 'send', clientId: `race${n}`, channelId, content: `${n}` };
        answers.push(...(await Promise.all([first.ask(send), second.ask({ ...send, resend: true })])));
      }
      for (let n = 0; n < 20; n++) {
        const [x, y] = answers.slice(2 * n, 2 * n + 2) as [RawFrame, RawFrame];
        expect(x['messageId'] ?? x['id'], String(n)).to.equal(y['messageId'] ?? y['id']);
      }
      expect((await sync(b, channelId)).map((message) => message['content'])).to.have.members(Array.from({ length: 20 }, (_, n) => `${n}`));
    });

    it('when Redis has forgotten it and the store knows it', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const a = await world.connect(alice, 0);
      const send = { type: 'send', clientId: 'kept', channelId, content: 'hello' };
      const ack = await a.ask(send);
      await archived(world, channelId, ack['id'] as string);
      await forgetInRedis(world);
      expect(await a.ask({ ...send, resend: true })).to.include({ type: 'ack', id: ack['id'] });
    });

    it('when Redis has forgotten it and the client does not say that it is a resend: the second copy is voided', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const [a, b] = [await world.connect(alice, 0), await world.connect(bob, 1)];
      const send = { type: 'send', clientId: 'twice', channelId, content: 'hello' };
      const ack = await a.ask(send);
      await archived(world, channelId, ack['id'] as string);
      await forgetInRedis(world);
      const copy = await a.ask(send);
      expect(await b.next('void')).to.include({ messageId: copy['id'], winnerId: ack['id'] });
      const alive = (await sync(b, channelId)).filter((message) => message['voided'] !== true);
      expect(alive.map((message) => message['id'])).to.deep.equal([ack['id']]);
    });
  });
});

/** Until the store has the event: its archived mark is what the window says. */
async function archived(world: ChatWorld, channelId: string, id: string): Promise<void> {
  for (;;) {
    const [slice] = await world.tools.window.after([{ channelId: channelId as never, after: '' as never, limit: 1 }]);
    if (slice !== undefined && slice.archivedThrough >= id) return;
  }
}

/** Everything but the routes and leases, which the servers would write again by themselves. */
async function forgetInRedis(world: ChatWorld): Promise<void> {
  const { client } = world.tools.redis;
  for (const pattern of ['last:*', 'sent:*', 'w:*', 'archived*']) {
    const keys = await client.keys(`${world.prefix}:${pattern}`);
    if (keys.length > 0) await client.del(...keys);
  }
}
