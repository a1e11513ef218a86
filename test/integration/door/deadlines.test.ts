import { expect } from 'chai';
import { CLOSE_CODES } from '../../../shared/protocol/close-codes.js';
import { ChatWorld } from '../../support/chat-world.js';
import { describeWith } from '../../support/products.js';
import { OPCODES, RawWebSocket } from '../../support/raw-websocket.js';
import { AnswerStream, newSession } from '../../support/sockjs-http.js';
import { PING, serviceOf } from '../../support/sockjs-service.js';

const MIB = 1024 * 1024;

describeWith('amqp', 'whoever is silent or slow', () => {
  describeWith('redis', 'on a chat server', () => {
    let world: ChatWorld;
    before(async () => {
      world = await new ChatWorld().start({ servers: 1, worker: false });
    });
    after(() => world.stop());

    it('is closed after 5 seconds without a connect frame, by WebSocket and by SockJS, pings or not', async () => {
      const started = performance.now();
      const socket = await RawWebSocket.open(world.servers[0]!.url);
      const pings = setInterval(() => socket.send({ opcode: OPCODES.ping }), 200);
      const stream = await AnswerStream.open(`${newSession(serviceOf(world, 0).base)}/xhr_streaming`, { method: 'POST' });
      expect(await socket.closed).to.equal(CLOSE_CODES.CONNECT_TIMEOUT.code);
      expect(await stream.rest()).to.include('no connect frame in time');
      clearInterval(pings);
      // The last three seconds are those that a peer has to answer a close.
      expect(performance.now() - started).to.be.within(5_000, 15_000);
    }).timeout(30_000);

    it('is closed when answers pile up unread, and little of them is kept', async () => {
      const socket = await RawWebSocket.open(world.servers[0]!.url);
      socket.send({ opcode: OPCODES.text, payload: await serviceOf(world, 0).connectFrame() });
      await socket.next();
      socket.socket.pause();
      const before = process.memoryUsage().rss;
      const batch = Array.from({ length: 256 }, () => PING).join('\n');
      const metrics = world.servers[0]!.metrics;
      while (!(await metrics.render()).match(/^warren_connections\{?[^\n]*\}? 0$/m)) {
        if (socket.socket.writableLength < MIB) socket.send({ opcode: OPCODES.text, payload: batch });
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(process.memoryUsage().rss - before).to.be.below(128 * MIB);
      socket.socket.resume();
      expect(await socket.closed).to.equal(4001);
    }).timeout(30_000);
  });
});
