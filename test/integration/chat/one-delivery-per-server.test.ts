import { connect } from 'amqplib';
import { expect } from 'chai';
import { decodeDeliveries } from '../../../shared/protocol/envelope.js';
import { ChatWorld } from '../../support/chat-world.js';
import { describeWith } from '../../support/products.js';

describeWith('amqp', 'the broker', (amqpUrl) => {
  describeWith('redis', 'on three servers', () => {
    let world: ChatWorld;
    before(async () => {
      world = await new ChatWorld().start({ servers: 3 });
    });
    after(() => world.stop());

    it('carries one delivery of a group message per other server that holds members, not one per member', async () => {
      const users = await world.users('a', 'b', 'c', 'd', 'e', 'f', 'g');
      const channelId = await world.channel(...users);
      // a and b on server 1; c, d and e on server 2; f and g on server 3.
      const clients = await Promise.all([0, 0, 1, 1, 1, 2, 2].map((server, i) => world.connect(users[i]!, server)));
      const connection = await connect(amqpUrl);
      const tap = await connection.createChannel();
      const { queue } = await tap.assertQueue('', { exclusive: true });
      await tap.bindQueue(queue, `${world.prefix}.exchange`, '#');
      const seen: { readonly key: string; readonly recipients: number }[] = [];
      await tap.consume(queue, (message) => {
        if (message === null) return;
        for (const delivery of decodeDeliveries(message.content)) {
          seen.push({ key: message.fields.routingKey, recipients: delivery.recipients.length });
        }
      });
      await clients[0]!.ask({ type: 'send', clientId: 'm', channelId, content: 'hello' });
      await Promise.all(clients.slice(1).map((client) => client.next('message')));
      await tap.checkQueue(queue);
      const byKey = [...seen].sort((x, y) => (x.key < y.key ? -1 : 1));
      expect(byKey).to.deep.equal([
        { key: `${world.prefix}.server2`, recipients: 3 },
        { key: `${world.prefix}.server3`, recipients: 2 },
      ]);
      await connection.close();
    });
  });
});
