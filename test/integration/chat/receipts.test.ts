import { expect } from 'chai';
import type { ChannelId } from '../../../shared/domain/ids.js';
import { ChatWorld, type WorldUser } from '../../support/chat-world.js';
import { emptyTestRedis } from '../../support/private-redis.js';
import { describeWith } from '../../support/products.js';
import type { RawClient, RawFrame } from '../../support/raw-client.js';

describeWith('amqp', 'receipts across servers', () => {
  describeWith('redis', 'on three servers', () => {
    let world: ChatWorld;
    let alice: WorldUser;
    let bob: WorldUser;
    let channelId: ChannelId;
    let first: string;
    let second: string;
    before(async () => {
      world = await new ChatWorld().start({ servers: 3 });
    });
    after(() => world.stop());
    beforeEach(async () => {
      [alice, bob] = await world.users('alice', 'bob');
      channelId = await world.channel(alice, bob);
      [first, second] = [world.tools.ids.next(), world.tools.ids.next()];
    });

    const receipts = (client: RawClient): readonly RawFrame[] => client.frames.filter(({ type }) => type === 'receipts');
    const told = (user: WorldUser, delivered: string, read: string) => ({
      type: 'receipts',
      channelId,
      receipts: [{ userId: user.userId, delivered, read }],
    });
    const stored = async (): Promise<unknown> =>
      (await world.tools.receipts.ofChannel(channelId)).map((r) => [r.userId, r.delivered, r.read]);

    it('tells the member on another server, and the reader’s other device', async () => {
      const [a, b, phone] = [await world.connect(alice, 0), await world.connect(bob, 1), await world.connect(bob, 2)];
      b.send({ type: 'receipt', channelId, delivered: second, read: first });
      for (const client of [a, b, phone]) expect(await client.next('receipts')).to.deep.equal(told(bob, second, first));
      expect(await stored()).to.deep.equal([[bob.userId, second, first]]);
    });

    it('what is read is delivered', async () => {
      const [a, b] = [await world.connect(alice, 0), await world.connect(bob, 1)];
      b.send({ type: 'receipt', channelId, read: first });
      expect(await a.next('receipts')).to.deep.equal(told(bob, first, first));
    });

    it('an older position is told to nobody but who said it, on whatever server', async () => {
      const [a, b, phone] = [await world.connect(alice, 0), await world.connect(bob, 1), await world.connect(bob, 2)];
      b.send({ type: 'receipt', channelId, read: second });
      await Promise.all([a, b, phone].map((client) => client.next('receipts')));
      phone.send({ type: 'receipt', channelId, read: first });
      expect(await phone.next('receipts')).to.deep.equal(told(bob, second, second));
      // What is told after it on the same ways has come: so would that have.
      phone.send({ type: 'receipt', channelId, read: world.tools.ids.next() });
      await Promise.all([a, b].map((client) => client.next('receipts')));
      expect([receipts(a), receipts(b)].map((frames) => frames.length)).to.deep.equal([2, 2]);
    });

    it('never tells who is not a member, nor takes a receipt of theirs', async () => {
      const mallory = await world.user('mallory');
      const [a, b, m] = [await world.connect(alice, 0), await world.connect(bob, 1), await world.connect(mallory, 1)];
      m.send({ type: 'receipt', channelId, read: second });
      b.send({ type: 'receipt', channelId, read: first });
      expect(await a.next('receipts')).to.deep.equal(told(bob, first, first));
      await m.settle();
      expect(receipts(m)).to.deep.equal([]);
      expect(await stored()).to.deep.equal([[bob.userId, first, first]]);
    });

    it('never tells a removed member, nor of one', async () => {
      const carol = await world.user('carol');
      channelId = await world.channel(alice, bob, carol);
      const [a, b, c] = [await world.connect(alice, 0), await world.connect(bob, 1), await world.connect(carol, 2)];
      b.send({ type: 'receipt', channelId, read: first });
      await Promise.all([a, b, c].map((client) => client.next('receipts')));
      await world.tools.channels.removeMember(channelId, carol.userId);
      await world.tools.invalidations.record([`channel:${channelId}`]);
      c.send({ type: 'receipt', channelId, read: second });
      b.send({ type: 'receipt', channelId, read: second });
      expect(await a.next('receipts')).to.deep.equal(told(bob, second, second));
      await c.settle();
      expect(receipts(c)).to.have.lengthOf(1);
    });

    it('ignores a position that cannot be one yet', async () => {
      const [a, b] = [await world.connect(alice, 0), await world.connect(bob, 1)];
      b.send({ type: 'receipt', channelId, read: 'FZZZZZZZZZZZZ' });
      b.send({ type: 'receipt', channelId, read: first });
      expect(await a.next('receipts')).to.deep.equal(told(bob, first, first));
    });

    it('answers a receipt without a position with an error', async () => {
      const b = await world.connect(bob, 1);
      b.send({ type: 'receipt', channelId });
      expect(await b.next('error')).to.include({ code: 'INVALID_INPUT' });
    });

    it('tells members who read at the same time in one frame', async () => {
      const users = await world.users('a', 'b', 'c', 'd');
      channelId = await world.channel(...users);
      const [a, ...others] = await Promise.all(users.map((user, i) => world.connect(user, i === 0 ? 0 : 1)));
      for (const client of others) client.send({ type: 'receipt', channelId, read: first });
      const frame = await a!.next('receipts');
      expect(frame['receipts']).to.have.lengthOf(3);
    });

    it('keeps what its sessions said last when a server stops at once', async () => {
      const leaving = await world.addServer('leaving');
      const b = await world.connect(bob, world.servers.indexOf(leaving));
      b.send({ type: 'receipt', channelId, read: first });
      await b.settle();
      await leaving.stop();
      world.servers.splice(world.servers.indexOf(leaving), 1);
      expect(await stored()).to.deep.equal([[bob.userId, first, first]]);
    });

    it('a receipt is no event: the chain of the channel knows nothing of it', async () => {
      const [a, b] = [await world.connect(alice, 0), await world.connect(bob, 1)];
      const before = await a.ask({ type: 'send', clientId: 'm1', channelId, content: 'one' });
      b.send({ type: 'receipt', channelId, read: before['id'] });
      await a.next('receipts');
      const after = await a.ask({ type: 'send', clientId: 'm2', channelId, content: 'two' });
      expect(after['prev']).to.equal(before['id']);
    });
  });

  describeWith('redis', 'with a Redis that lost everything', () => {
    let world: ChatWorld;
    before(async () => {
      world = await new ChatWorld().start({ servers: 1 });
    });
    after(() => world.stop());

    it('nothing goes back', async () => {
      const bob = await world.user('bob');
      const channelId = await world.channel(bob);
      const [first, second] = [world.tools.ids.next(), world.tools.ids.next()];
      const b = await world.connect(bob, 0);
      b.send({ type: 'receipt', channelId, read: second });
      await b.next('receipts');
      await emptyTestRedis(world.tools.redis);
      b.send({ type: 'receipt', channelId, read: first });
      expect((await b.next('receipts'))['receipts']).to.deep.equal([{ userId: bob.userId, delivered: second, read: second }]);
      expect(await world.tools.receipts.ofChannel(channelId)).to.deep.equal([{ userId: bob.userId, delivered: second, read: second }]);
    });
  });
});
