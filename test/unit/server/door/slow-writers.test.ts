import { expect } from 'chai';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { EchoService } from '../../../support/echo-service.js';
import { eventually } from '../../../support/eventually.js';
import { newSession, post } from '../../../support/sockjs-http.js';

describe('slow writers', () => {
  let service: EchoService;
  let socket: Socket;
  beforeEach(async () => {
    service = await new EchoService({ httpTimes: { headersTimeout: 60, requestTimeout: 120, connectionsCheckingInterval: 10 } }).start();
    socket = connect(service.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
  });
  afterEach(async () => {
    socket.destroy();
    await service.stop();
  });

  const cut = async (): Promise<void> => {
    socket.resume();
    await once(socket, 'close');
  };

  it('who says nothing is cut off', cut);

  it('who never finishes the headers is cut off', async () => {
    socket.write('GET /ws HTTP/1.1\r\nHost: chat.test\r\n');
    const drip = setInterval(() => socket.write('X-Slow: yes\r\n'), 10);
    await cut();
    clearInterval(drip);
  });

  it('who never finishes a body is cut off, and the session goes on', async () => {
    const url = newSession(service.base);
    await post(`${url}/xhr`);
    socket.write(`POST ${new URL(url).pathname}/xhr_send HTTP/1.1\r\nHost: chat.test\r\nContent-Length: 1000\r\n\r\n["`);
    const drip = setInterval(() => socket.write('x'), 10);
    await cut();
    clearInterval(drip);
    await post(`${url}/xhr_send`, '["a"]');
    expect((await post(`${url}/xhr`)).body).to.equal('a["a"]\n');
  });

  it('headers without an end are refused', async () => {
    socket.write(`GET /ws HTTP/1.1\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).to.match(/^HTTP\/1\.1 431 /);
  });

  it('a request that does not end is answered to nobody, and leaves nothing', async () => {
    const url = newSession(service.base);
    socket.write(`POST ${new URL(url).pathname}/xhr HTTP/1.1\r\nHost: chat.test\r\nContent-Length: 10\r\n\r\n`);
    await eventually(() => Promise.resolve(service.connections.length === 1));
    await cut();
  });
});
