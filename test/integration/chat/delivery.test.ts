import { expect } from 'chai';
import { ChatWorld } from '../../support/chat-world.js';
import { describeWith } from '../../support/products.js';

describeWith('amqp', 'delivery across servers', () => {
  describeWith('redis', 'on three servers', () => {
    let world: ChatWorld;
    before(async () => {
      world = await new ChatWorld().start({ servers: 3 });
    });
    after(() => world.stop());

    it('acknowledges the sender and delivers to the other server, with the same id', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const a = await world.connect(alice, 0);
      const b = await world.connect(bob, 1);
      const ack = await a.ask({ type: 'send', clientId: 'm1', channelId, content: '안녕하세요!' });
      const message = await b.next('message');
      expect(message).to.include({
        channelId,
        senderId: alice.userId,
        clientId: 'm1',
        content: '안녕하세요!',
        id: ack['id'],
        prev: ack['prev'],
      });
      expect(a.messages(), 'the sending session gets the ack only').to.have.lengthOf(0);
    });

    it('links the events of a channel by prev, from whichever server they come', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const a = await world.connect(alice, 0);
      const b = await world.connect(bob, 2);
      const first = await a.ask({ type: 'send', clientId: 'm1', channelId, content: '1' });
      const second = await b.ask({ type: 'send', clientId: 'm2', channelId, content: '2' });
      const third = await a.ask({ type: 'send', clientId: 'm3', channelId, content: '3' });
      expect([second['prev'], third['prev']]).to.deep.equal([first['id'], second['id']]);
      const ids = [first['id'], second['id'], third['id']] as string[];
      expect(ids).to.deep.equal([...ids].sort());
    });

    it('gives every member of a group over three servers each message exactly once, on both devices of one of them', async () => {
      const users = await world.users('a', 'b', 'c', 'd', 'e');
      const channelId = await world.channel(...users);
      const [sender, ...others] = await Promise.all(users.map((user, i) => world.connect(user, i % 3)));
      const secondDevice = await world.connect(users[1], 2);
      const devicesOfSender = await world.connect(users[0], 1);
      for (let n = 1; n <= 5; n++) await sender!.ask({ type: 'send', clientId: `g${n}`, channelId, content: `${n}` });
      for (const client of [...others, secondDevice, devicesOfSender]) {
        await client.next('message', (frame) => frame['content'] === '5');
        await client.settle();
        expect(client.messages().map((frame) => frame['content'])).to.deep.equal(['1', '2', '3', '4', '5']);
      }
      expect(sender!.messages()).to.have.lengthOf(0);
    });

    it('carries edits, reactions and deletions in the same chain', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const a = await world.connect(alice, 0);
      const b = await world.connect(bob, 1);
      const { id: messageId } = await a.ask({ type: 'send', clientId: 'm', channelId, content: 'helo' });
      const edit = await a.ask({ type: 'edit', clientId: 'e', channelId, messageId, content: 'hello' });
      const react = await b.ask({ type: 'react', clientId: 'r', channelId, messageId, emoji: '👍', action: 'add' });
      const remove = await a.ask({ type: 'delete', clientId: 'd', channelId, messageId });
      expect([edit['prev'], react['prev'], remove['prev']]).to.deep.equal([messageId, edit['id'], react['id']]);
      expect(await b.next('edit')).to.include({ messageId, content: 'hello' });
      expect(await a.next('reaction')).to.include({ messageId, emoji: '👍', action: 'add', senderId: bob.userId });
      expect(await b.next('delete')).to.include({ messageId });
    });

    it('lets nobody change the message of another, nor a message that is gone', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const a = await world.connect(alice, 0);
      const b = await world.connect(bob, 1);
      const { id: messageId } = await a.ask({ type: 'send', clientId: 'm', channelId, content: 'mine' });
      expect(await b.ask({ type: 'edit', clientId: 'e', channelId, messageId, content: 'x' })).to.include({ code: 'FORBIDDEN' });
      expect(await b.ask({ type: 'delete', clientId: 'd', channelId, messageId })).to.include({ code: 'FORBIDDEN' });
      await a.ask({ type: 'delete', clientId: 'd', channelId, messageId });
      expect(await a.ask({ type: 'edit', clientId: 'e', channelId, messageId, content: 'x' })).to.include({ code: 'MESSAGE_DELETED' });
    });

    it('refuses strangers to a channel without telling whether it exists', async () => {
      const [alice, bob, eve] = await world.users('alice', 'bob', 'eve');
      const channelId = await world.channel(alice, bob);
      const e = await world.connect(eve, 0);
      const refusal = await e.ask({ type: 'send', clientId: 'x', channelId, content: 'hi' });
      const nowhere = await e.ask({ type: 'send', clientId: 'y', channelId: '0000000000000', content: 'hi' });
      expect(refusal).to.include({ type: 'error', code: 'NOT_FOUND', temporary: false });
      expect({ ...refusal, clientId: '' }).to.deep.equal({ ...nowhere, clientId: '' });
      e.send({ type: 'sync', requestId: 's', channels: [{ channelId, after: '' }] });
      expect(await e.next('synced')).to.have.nested.property('channels[0].error', 'NOT_FOUND');
    });
  });
});
