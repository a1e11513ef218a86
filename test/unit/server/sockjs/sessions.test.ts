import { expect } from 'chai';
import { CLOSE_CODES } from '../../../../shared/protocol/close-codes.js';
import { EchoService, type EchoOptions } from '../../../support/echo-service.js';
import { eventually } from '../../../support/eventually.js';
import { AnswerStream, get, newSession, post } from '../../../support/sockjs-http.js';

describe('SockJS sessions', () => {
  let service: EchoService;
  afterEach(() => service.stop());

  const start = async (options: EchoOptions = {}): Promise<string> => {
    service = await new EchoService(options).start();
    return newSession(service.base);
  };
  const stream = (url: string): Promise<AnswerStream> => AnswerStream.open(`${url}/xhr_streaming`, { method: 'POST' });

  it('echo', async () => {
    const url = await start();
    expect((await post(`${url}/xhr`)).body).to.equal('o\n');
    await post(`${url}/xhr_send`, '["a","b"]');
    expect((await post(`${url}/xhr`)).body).to.equal('a["a","b"]\n');
  });

  it('a streaming answer ends at the limit, and the session goes on with the next', async () => {
    const url = await start({ responseLimitBytes: 4_096 });
    const first = await stream(url);
    await first.next('o\n');
    const message = `"${'x'.repeat(128)}"`;
    let count = 0;
    for (; count < 40 && (await post(`${url}/xhr_send`, `[${message}]`)).status === 204; count++)
      if ((await first.next('\n')) === '') break;
    expect(count).to.be.within(30, 31);
    expect((await post(`${url}/xhr`)).body).to.equal(`a[${message}]\n`);
  });

  for (const [transport, suffix] of [
    ['eventsource', ''],
    ['htmlfile', '?c=callback'],
  ])
    it(`${transport ?? ''} ends at the limit as well`, async () => {
      const url = await start({ responseLimitBytes: 4_096 });
      const answer = await AnswerStream.open(`${url}/${transport ?? ''}${suffix ?? ''}`);
      await post(`${url}/xhr_send`, `["${'x'.repeat(4_096)}"]`);
      expect(await answer.rest()).to.include('x'.repeat(4_096));
    });

  it('a waiting request gets heartbeats', async () => {
    const url = await start({ times: { heartbeatMs: 20 } });
    const waiting = await stream(url);
    await waiting.next('o\n');
    for (let i = 0; i < 3; i++) expect(await waiting.next('\n')).to.equal('h\n');
    const poll = newSession(service.base);
    await post(`${poll}/xhr`);
    expect((await post(`${poll}/xhr`)).body).to.equal('h\n');
    waiting.abort();
  });

  it('without a waiting request a session ends', async () => {
    const url = await start({ times: { expiryMs: 20 } });
    await post(`${url}/xhr`);
    expect(await (await service.connection(0)).ended).to.equal(1006);
    expect((await post(`${url}/xhr_send`, '["a"]')).status).to.equal(404);
    expect((await post(`${url}/xhr`)).body).to.equal('o\n');
  });

  it('a waiting request that is cut off ends the session', async () => {
    const url = await start();
    const waiting = await stream(url);
    await waiting.next('o\n');
    waiting.abort();
    expect(await (await service.connection(0)).ended).to.equal(1002);
  });

  it('a closed session says why until its time is over, then it is a new one', async () => {
    const url = await start({ times: { expiryMs: 50 } });
    await post(`${url}/xhr`);
    (await service.connection(0)).connection.close(CLOSE_CODES.DRAINING);
    expect((await post(`${url}/xhr`)).body).to.equal('c[4000,"server is shutting down"]\n');
    expect((await post(`${url}/xhr`)).body).to.equal('c[4000,"server is shutting down"]\n');
    await eventually(async () => (await post(`${url}/xhr`)).body === 'o\n');
  });

  it('info says when WebSockets are off', async () => {
    await start({ websocket: false });
    expect(JSON.parse((await get(`${service.base}/info`)).body)).to.include({ websocket: false });
  });

  it('info names the server for who came by the public host, and for nobody else', async () => {
    await start();
    const named = JSON.parse((await get(`${service.base}/info`, { host: 'chat.test' })).body) as object;
    expect(named).to.include({ base_url: 'http://chat.test/sockjs?server=echo' });
    expect(JSON.parse((await get(`${service.base}/info`, { host: 'evil.test' })).body)).to.not.have.property('base_url');
  });

  it('pages of other origins get nothing', async () => {
    const url = await start({ door: { origins: new Set(['https://chat.test']) } });
    for (const origin of ['https://evil.test', 'null', 'https://chat.test.evil.test', 'http://chat.test', 'https://chat.test:8443']) {
      const answer = await post(`${url}/xhr`, '', { origin });
      expect(answer.status, origin).to.equal(403);
      expect(answer.headers).to.not.have.property('access-control-allow-origin');
    }
    const allowed = await post(`${url}/xhr`, '', { origin: 'https://chat.test' });
    expect(allowed.headers['access-control-allow-origin']).to.equal('https://chat.test');
    const frame = await get(`${service.base}/iframe.html`);
    expect(frame.headers['content-security-policy']).to.equal("frame-ancestors 'self' https://chat.test");
  });

  it('new sessions are refused while the server drains, old ones go on', async () => {
    const state = { draining: false };
    const url = await start({ door: { refusal: () => (state.draining ? 'draining' : undefined) } });
    await post(`${url}/xhr`);
    state.draining = true;
    expect((await post(`${newSession(service.base)}/xhr`)).status).to.equal(503);
    await post(`${url}/xhr_send`, '["a"]');
    expect((await post(`${url}/xhr`)).body).to.equal('a["a"]\n');
  });

  it('an address has a bounded number of sessions, and gets its place back', async () => {
    const url = await start({ door: { maxPerAddress: 1 }, times: { expiryMs: 20 } });
    await post(`${url}/xhr`);
    expect((await post(`${newSession(service.base)}/xhr`)).status).to.equal(503);
    await (
      await service.connection(0)
    ).ended;
    expect((await post(`${newSession(service.base)}/xhr`)).body).to.equal('o\n');
  });
});

describe('SockJS encoding', () => {
  let service: EchoService;
  before(async () => {
    service = await new EchoService().start();
  });
  after(() => service.stop());

  const units = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const escaped = (list: readonly number[]): string => list.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');

  it('what browsers and proxies lose is sent escaped', async () => {
    const url = newSession(service.base);
    await post(`${url}/xhr`);
    const lost = [...units(0x200c, 0x200f), ...units(0x2028, 0x202f), ...units(0x2060, 0x206f), ...units(0xfff0, 0xffff)];
    await post(`${url}/xhr_send`, JSON.stringify([String.fromCharCode(...lost)]));
    expect((await post(`${url}/xhr`)).body).to.equal(`a["${escaped(lost)}"]\n`);
  });

  it('every character that a client may send escaped comes back', async () => {
    const url = newSession(service.base);
    await post(`${url}/xhr`);
    const all = units(0, 0xffff).filter((unit) => unit < 0xd800 || unit > 0xdfff);
    await post(`${url}/xhr_send`, `["${escaped(all)}"]`);
    const [text] = JSON.parse((await post(`${url}/xhr`)).body.slice(1)) as [string];
    expect(text).to.equal(all.map((unit) => String.fromCharCode(unit)).join(''));
  });

  it('pairs of surrogates come back, halves become a replacement', async () => {
    const url = newSession(service.base);
    await post(`${url}/xhr`);
    await post(`${url}/xhr_send`, '["\\ud83d\\udc4d","\\ud83d"]');
    expect(JSON.parse((await post(`${url}/xhr`)).body.slice(1))).to.deep.equal(['👍', '\ufffd']);
  });
});

describe('SockJS back-pressure', () => {
  let service: EchoService;
  beforeEach(async () => {
    service = await new EchoService({ echo: false, times: { heartbeatMs: 60_000 }, responseLimitBytes: 2 ** 30 }).start();
  });
  afterEach(() => service.stop());

  const message = Buffer.alloc(64 * 1024, 'x');

  it('what waits for a client that does not ask is counted, and comes with its next request', async () => {
    const url = newSession(service.base);
    await post(`${url}/xhr`);
    const { connection } = await service.connection(0);
    for (let i = 0; i < 4; i++) connection.send([message]);
    expect(connection.bufferedBytes).to.equal(4 * message.length);
    expect((await post(`${url}/xhr`)).body.length).to.be.above(4 * message.length);
    expect(connection.bufferedBytes).to.equal(0);
  });

  it('what waits for a client that reads slowly is counted', async () => {
    const url = newSession(service.base);
    const stream = await AnswerStream.open(`${url}/eventsource`);
    await stream.next('data: o\r\n\r\n');
    stream.pause();
    const echo = await service.connection(0);
    let sent = 0;
    while (echo.connection.bufferedBytes < 8 * message.length && sent < 2_000) {
      echo.connection.send([message]);
      sent += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(echo.connection.bufferedBytes).to.be.at.least(8 * message.length);
    stream.abort();
    expect(await echo.ended).to.equal(1002);
  });
});
