import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { Door } from '../../../../server/transport/door.js';
import { ChatHttpServer } from '../../../../server/transport/http-server.js';

describe('TCP connections of a chat server', () => {
  const sockets: Socket[] = [];
  let server: ChatHttpServer;
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.stop();
  });

  const open = (): Socket => {
    const socket = connect(server.port, '127.0.0.1');
    sockets.push(socket.on('error', () => undefined));
    return socket;
  };
  const ask = async (socket: Socket): Promise<string> => {
    socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    return bytes.toString().split('\r\n', 1)[0] ?? '';
  };

  it('are so many and no more: another one is dropped at once, and taken when one has ended', async () => {
    const door = new Door({ origins: new Set(), maxPerAddress: 10, refusal: () => undefined });
    const ops = (_: unknown, response: { end(): unknown }): Promise<void> => Promise.resolve(void response.end());
    server = new ChatHttpServer({ host: '127.0.0.1', port: 0, ops, endpoints: [], door, maxSockets: 2 });
    await server.start();
    const [first, second] = [open(), open()];
    expect([await ask(first), await ask(second)]).to.deep.equal(['HTTP/1.1 200 OK', 'HTTP/1.1 200 OK']);
    await once(open(), 'close');
    first.write('GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    await once(first, 'close');
    expect(await ask(open())).to.equal('HTTP/1.1 200 OK');
  });
});
