// One Socket.IO node, as its documentation says to run it for speed: WebSocket only, no compression, bufferutil, the
// upgrade request not kept; one room per user, which is how private messages across nodes are done. It stores nothing,
// checks nothing, and believes what `auth` says.
import { createServer } from 'node:http';
import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter';
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { nextId } from './message-id.mjs';

const { PORT, REDIS_URL, ADAPTER } = process.env;

async function connectRedis() {
  const client = createClient({ url: REDIS_URL });
  client.on('error', (error) => console.error(error));
  await client.connect();
  return client;
}

async function openAdapter() {
  const publisher = await connectRedis();
  if (ADAPTER === 'streams') return createStreamsAdapter(publisher, { onlyPlaintext: true });
  const subscriber = await connectRedis();
  // One Redis channel per room: a message reaches the node that holds the user, and no other.
  if (ADAPTER === 'sharded') return createShardedAdapter(publisher, subscriber, { subscriptionMode: 'dynamic' });
  return createAdapter(publisher, subscriber);
}

const http = createServer();
const io = new Server(http, {
  adapter: await openAdapter(),
  transports: ['websocket'],
  perMessageDeflate: false,
  serveClient: false,
  // State recovery is what the streams adapter is chosen for.
  ...(ADAPTER === 'streams' ? { connectionStateRecovery: {} } : {}),
});

io.engine.on('connection', (raw) => (raw.request = null));
io.on('connection', (socket) => {
  const { user } = socket.handshake.auth;
  socket.join(`user:${user}`);
  socket.emit('ready');
  socket.on('send', ({ to, channelId, clientId, content }) => {
    const createdAt = new Date().toISOString();
    io.to(`user:${to}`).emit('message', { id: nextId(), channelId, senderId: user, clientId, createdAt, content });
  });
});
http.listen({ port: Number(PORT), host: '127.0.0.1', backlog: 4096 });
