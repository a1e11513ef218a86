import { expect } from 'chai';
import { CLOSE_CODES } from '../../../shared/protocol/close-codes.js';
import { ChatWorld } from '../../support/chat-world.js';
import { describeWith } from '../../support/products.js';
import { handshake, RawWebSocket } from '../../support/raw-websocket.js';
import { newSession, post } from '../../support/sockjs-http.js';

const PENDING = 3;

describeWith('amqp', 'connections that do not say who they are', () => {
  describeWith('redis', 'on a chat server', () => {
    let world: ChatWorld;
    before(async () => {
      world = await new ChatWorld().start({ servers: 1, worker: false, maxPendingConnections: PENDING });
    });
    after(() => world.stop());

    it('fill their places and no more, whatever the transport; whoever says hello frees one', async () => {
      const url = world.servers[0]!.url;
      const statusOf = async (path: string): Promise<string | undefined> => {
        const { head, socket } = await handshake(url.replace(/^ws:(.*)\/ws$/, `http:$1${path}`));
        socket.destroy();
        return head.split(' ')[1];
      };
      const silent = [await world.open(0), await world.open(0)];
      const stomp = await RawWebSocket.open(url.replace(/\/ws$/, '/stomp'));
      for (const path of ['/ws', '/stomp', '/sockjs/0/abc/websocket', '/stomp/websocket'])
        expect(await statusOf(path), path).to.equal('503');
      const overHttp = await post(`${newSession(url.replace(/^ws(.*)\/ws$/, 'http$1/sockjs'))}/xhr`);
      expect(overHttp.status).to.equal(503);
      silent[0]?.send({ type: 'connect', version: 1, token: world.token(await world.user('alice')) });
      await silent[0]?.next('hello');
      expect(await statusOf('/ws')).to.equal('101');
      expect((await silent[1]?.closed)?.code).to.equal(CLOSE_CODES.CONNECT_TIMEOUT.code);
      expect(await stomp.closed).to.equal(CLOSE_CODES.CONNECT_TIMEOUT.code);
    }).timeout(20_000);
  });
});
