import { expect } from 'chai';
import type { DeviceId, ServerId } from '../../../shared/domain/ids.js';
import { ChatWorld } from '../../support/chat-world.js';
import { eventually } from '../../support/eventually.js';
import { describeWith } from '../../support/products.js';

describeWith('amqp', 'near caches', () => {
  describeWith('redis', 'on two servers', () => {
    let world: ChatWorld;
    before(async () => {
      world = await new ChatWorld().start({ servers: 2 });
    });
    after(() => world.stop());

    it('never hide a device that has got its hello', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const a = await world.connect(alice, 0);
      for (let n = 0; n < 30; n++) {
        // The send before made server 1 remember that bob is offline, or where he was.
        await a.ask({ type: 'send', clientId: `before${n}`, channelId, content: 'are you there?' });
        const b = await world.connect(bob, 1);
        await a.ask({ type: 'send', clientId: `after${n}`, channelId, content: 'now' });
        expect(await b.next('message', (frame) => frame['clientId'] === `after${n}`)).to.include({ content: 'now' });
        b.close();
        await b.closed;
      }
    });

    it('let nothing through from, and nothing to, a member whose removal has been answered', async () => {
      const [alice, bob, carol] = await world.users('alice', 'bob', 'carol');
      const channelId = await world.channel(alice, bob, carol);
      const [a, b, c] = [await world.connect(alice, 0), await world.connect(bob, 1), await world.connect(carol, 1)];
      await a.ask({ type: 'send', clientId: 'm1', channelId, content: 'all three' });
      await b.ask({ type: 'send', clientId: 'm2', channelId, content: 'me too' });
      await world.tools.channels.removeMember(channelId, bob.userId);
      await world.tools.invalidations.record([`channel:${channelId}`]);
      expect(await b.ask({ type: 'send', clientId: 'm3', channelId, content: 'still here?' })).to.have.property('type', 'error');
      await a.ask({ type: 'send', clientId: 'm4', channelId, content: 'only two' });
      await c.next('message', (frame) => frame['clientId'] === 'm4');
      await b.settle();
      expect(b.messages().map((frame) => frame['clientId'])).to.deep.equal(['m1']);
    });

    it('show a new member at once', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice);
      const [a, b] = [await world.connect(alice, 0), await world.connect(bob, 1)];
      await a.ask({ type: 'send', clientId: 'm1', channelId, content: 'alone' });
      const joinedAt = new Date().toISOString();
      await world.tools.channels.addMembers(channelId, [{ userId: bob.userId, role: 'member', joinedAt }], 100);
      await world.tools.invalidations.record([`channel:${channelId}`]);
      await a.ask({ type: 'send', clientId: 'm2', channelId, content: 'welcome' });
      expect(await b.next('message')).to.include({ clientId: 'm2' });
    });
  });
});

describeWith('amqp', 'log-out', () => {
  describeWith('redis', 'on two servers', () => {
    let world: ChatWorld;
    before(async () => {
      world = await new ChatWorld().start({ servers: 2, worker: false });
    });
    after(() => world.stop());

    it('is confirmed by every server after the device is off, and leaves the other devices alone', async () => {
      const [alice] = await world.users('alice');
      const [phone, laptop] = [world.tools.ids.next() as DeviceId, world.tools.ids.next() as DeviceId];
      const onPhone = await world.connect(alice, 0, phone);
      const onLaptop = await world.connect(alice, 1, laptop);
      const serverIds = world.servers.map((server) => server.serverId);
      await world.tools.publisher.control({ type: 'revoke', deviceIds: [phone], confirmation: 'c1' });
      expect(await world.tools.confirmations.wait('c1', serverIds, 3_000)).to.equal(true);
      expect((await onPhone.closed).code).to.equal(4502);
      await onLaptop.settle();
    });

    it('refuses the token that the device still has', async () => {
      const [alice] = await world.users('alice');
      const phone = world.tools.ids.next() as DeviceId;
      await world.tools.tickets.revoke([phone], 60_000);
      const client = await world.open(0);
      client.send({ type: 'connect', version: 1, token: world.token(alice, phone) });
      expect(await client.next('error')).to.include({ code: 'SESSION_REVOKED', temporary: false });
      expect((await client.closed).code).to.equal(4502);
      await eventually(async () => (await world.tools.directory.lookup([alice.userId]))[0]?.length === 0);
    });

    it('is not confirmed by a server that is not there', async () => {
      await world.tools.publisher.control({ type: 'revoke', deviceIds: [], confirmation: 'c2' });
      expect(await world.tools.confirmations.wait('c2', ['server1' as ServerId, 'nobody' as ServerId], 200)).to.equal(false);
    });
  });
});
