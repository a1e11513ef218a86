// The socket's ceiling: one process, plain ws, a map of users. No second node, no broker, nothing stored, nothing checked.
import { WebSocketServer } from 'ws';
import { nextId } from './message-id.mjs';

const users = new Map();
const server = new WebSocketServer({
  port: Number(process.env.PORT),
  host: '127.0.0.1',
  backlog: 4096,
  perMessageDeflate: false,
  clientTracking: false,
});

server.on('connection', (socket, request) => {
  const user = request.url.slice(request.url.indexOf('?user=') + 6);
  users.set(user, socket);
  socket.on('close', () => users.delete(user));
  socket.on('message', (data) => {
    const { to, channelId, clientId, content } = JSON.parse(data.toString());
    const createdAt = new Date().toISOString();
    users.get(to)?.send(JSON.stringify({ type: 'message', id: nextId(), channelId, senderId: user, clientId, createdAt, content }));
  });
  socket.send('{"type":"ready"}');
});
