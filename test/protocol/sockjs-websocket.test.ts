import { expect } from 'chai';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { ask, get, newSession, post } from '../support/sockjs-http.js';
import { describeSockJs, PING, PONG_FRAME, type SockJsService } from '../support/sockjs-service.js';

describeSockJs('SockJS websocket', (service) => {
  it('plain requests are refused', async () => {
    const url = `${service().base}/0/0/websocket`;
    expect((await get(url)).status).to.equal(400);
    const proxied = await ask(url, { headers: { upgrade: 'WebSocket', connection: 'close' } });
    expect(proxied.status).to.equal(400);
  });

  it('other methods are refused', async () => {
    const url = `${service().base}/0/0/websocket`;
    for (const headers of [{ upgrade: 'WebSocket', connection: 'Upgrade' }, {}]) {
      const answer = await post(url, '', headers);
      expect(answer).to.include({ status: 405, body: '' });
      expect(answer.headers.allow).to.equal('GET');
      expect(answer.headers).to.not.have.property('content-type');
    }
  });

  it('opens, takes messages and brings their answers', async () => {
    const { socket, next } = await open(service());
    expect(await next()).to.equal('o');
    socket.send(JSON.stringify([await service().connectFrame()]));
    expect(await next()).to.match(/^a\["\{.*hello/);
    socket.send(JSON.stringify([PING]));
    expect(await next()).to.equal(PONG_FRAME);
    socket.terminate();
  });

  it('empty frames are passed over, one message needs no array', async () => {
    const { socket, next } = await open(service());
    await next();
    socket.send('');
    socket.send('[]');
    socket.send(JSON.stringify(await service().connectFrame()));
    expect(await next()).to.match(/hello/);
    socket.terminate();
  });

  it('one session id may be used by several sockets, each a session of its own', async () => {
    const url = newSession(service().base);
    const [first, second] = [await open(service(), url), await open(service(), url)];
    for (const { socket, next } of [first, second]) {
      expect(await next()).to.equal('o');
      socket.send(JSON.stringify([await service().connectFrame()]));
      expect(await next()).to.match(/hello/);
    }
    first.socket.close();
    await once(first.socket, 'close');
    second.socket.send(JSON.stringify([PING]));
    expect(await second.next()).to.equal(PONG_FRAME);
    second.socket.terminate();
  });

  it('broken JSON ends the connection', async () => {
    const { socket, next } = await open(service());
    await next();
    socket.send('["a');
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).to.equal(1006);
  });

  it('a close says why, in a frame and in the close code', async () => {
    const { socket, next } = await open(service());
    await next();
    const closed = once(socket, 'close');
    socket.send('["nonsense"]');
    expect(await next()).to.match(/BAD_JSON/);
    expect(await next()).to.equal('c[4503,"malformed or unexpected frame"]');
    expect((await closed)[0]).to.equal(4503);
  });

  it('there is an endpoint without framing', async () => {
    const { socket, next } = await openAt(`${service().base}/websocket`.replace(/^http/, 'ws'));
    socket.send(await service().connectFrame());
    expect(await next()).to.match(/^\{"type":"hello"/);
    socket.send(PING);
    expect(await next()).to.equal('{"type":"pong"}');
    socket.terminate();
  });
});

function open(service: SockJsService, session = newSession(service.base)) {
  return openAt(`${session.replace(/^http/, 'ws')}/websocket`);
}

async function openAt(url: string) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const messages: string[] = [];
  let wake = (): void => undefined;
  socket.on('message', (data: Buffer) => {
    messages.push(data.toString('utf8'));
    wake();
  });
  await once(socket, 'open');
  const next = async (): Promise<string> => {
    while (messages.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return messages.shift() ?? '';
  };
  return { socket, next };
}
