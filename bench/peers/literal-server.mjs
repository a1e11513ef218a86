// The design to the letter, as a warning: user → server in Redis, and for every message one look-up and one publish to
// `chat.<serverId>`. Nothing is stored or confirmed. Best settings: no delay on the socket, pipelined Redis commands, no acknowledgements.
import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';
import { nextId } from './message-id.mjs';

const { PORT, REDIS_URL, AMQP_URL, SERVER_ID } = process.env;
const EXCHANGE = 'chat.exchange';
const QUEUE = `chat.queue.${SERVER_ID}`;

const users = new Map();
const redis = new Redis(REDIS_URL, { enableAutoPipelining: true });
const publisher = await (await connect(AMQP_URL, { noDelay: true })).createChannel();
const consumer = await (await connect(AMQP_URL, { noDelay: true })).createChannel();
await consumer.assertExchange(EXCHANGE, 'topic', { durable: true });
await consumer.assertQueue(QUEUE, { durable: true });
await consumer.bindQueue(QUEUE, EXCHANGE, `chat.${SERVER_ID}`);
await consumer.consume(QUEUE, deliver, { noAck: true });

function deliver(message) {
  const { to, frame } = JSON.parse(message.content.toString());
  users.get(to)?.send(JSON.stringify(frame));
}

async function route(user, { to, channelId, clientId, content }) {
  const frame = { type: 'message', id: nextId(), channelId, senderId: user, clientId, createdAt: new Date().toISOString(), content };
  const serverId = await redis.get(`user:${to}`);
  publisher.publish(EXCHANGE, `chat.${serverId}`, Buffer.from(JSON.stringify({ to, frame })), { deliveryMode: 1 });
}

const server = new WebSocketServer({
  port: Number(PORT),
  host: '127.0.0.1',
  backlog: 4096,
  perMessageDeflate: false,
  clientTracking: false,
});
server.on('connection', (socket, request) => {
  const user = request.url.slice(request.url.indexOf('?user=') + 6);
  users.set(user, socket);
  socket.on('close', () => users.delete(user));
  socket.on('message', (data) => void route(user, JSON.parse(data.toString())));
  void redis.set(`user:${user}`, SERVER_ID).then(() => socket.send('{"type":"ready"}'));
});
