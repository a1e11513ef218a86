import { connect } from 'amqplib';
import type { OpenLeg } from './leg.js';

const EXCHANGE = 'chat.exchange';

/** amqplib as it comes, at its fastest: no confirms, no acknowledgements, transient, no delay on the sockets, a connection for each direction. */
export const openRawLeg: OpenLeg = async ({ url, serverId, otherServerId }, events) => {
  const [publishing, consuming] = await Promise.all([connect(url, { noDelay: true }), connect(url, { noDelay: true })]);
  const publisher = await publishing.createChannel();
  const consumer = await consuming.createChannel();
  const queue = `chat.queue.${serverId}`;
  await consumer.assertExchange(EXCHANGE, 'topic', { durable: true });
  await consumer.assertQueue(queue, { durable: true });
  await consumer.bindQueue(queue, EXCHANGE, `chat.${serverId}`);
  await consumer.consume(queue, (message) => message !== null && events.delivered(message.content), { noAck: true });
  return {
    send: ({ payload }) => {
      const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
      publisher.publish(EXCHANGE, `chat.${otherServerId}`, bytes, { deliveryMode: 1 });
    },
    close: async () => {
      await Promise.all([publishing.close(), consuming.close()]);
    },
  };
};
