import { expect } from 'chai';
import { expectCacheable, expectCors, expectNotCached, expectPreflight, expectType } from '../support/sockjs-checks.js';
import { ask, get, newSession, post } from '../support/sockjs-http.js';
import { describeSockJs } from '../support/sockjs-service.js';

const IFRAME_BODY = new RegExp(
  [
    '^<!DOCTYPE html>\n<html>\n<head>',
    '  <meta http-equiv="X-UA-Compatible" content="IE=edge" />',
    '  <meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />',
    '  <script src="(/[^"]*)"></script>',
    '  <script>\n    document.domain = document.domain;\n    SockJS.bootstrap_iframe\\(\\);\n  </script>',
    "</head>\n<body>\n  <h2>Don't panic!</h2>",
    "  <p>This is a SockJS hidden iframe. It's used for cross domain magic.</p>\n</body>\n</html>$",
  ].join('\n'),
);

describeSockJs('SockJS pages', (service) => {
  it('the greeting is there, with and without a slash', async () => {
    for (const suffix of ['', '/']) {
      const answer = await get(service().base + suffix);
      expect(answer).to.include({ status: 200, body: 'Welcome to SockJS!\n' });
      expectType(answer, 'text/plain;charset=UTF-8');
      expect(answer.headers).to.not.have.property('set-cookie');
    }
  });

  it('what is not there is not found', async () => {
    for (const suffix of ['/a', '/a.html', '//', '///', '/a/a', '/a/a/', '/a/', '/constructor', '/__proto__'])
      expect((await get(service().base + suffix)).status, suffix).to.equal(404);
  });

  const iframes = ['/iframe.html', '/iframe-a.html', '/iframe-.html', '/iframe-0.1.2.html', '/iframe-0.1.2abc-dirty.2144.html'];
  for (const path of [...iframes, '/iframe-a.html?t=1234', '/iframe-0.1.2.html?t=123414']) {
    it(`${path} is the iframe page, to be kept by caches`, async () => {
      const answer = await get(service().base + path);
      expect(answer.status).to.equal(200);
      expectType(answer, 'text/html;charset=UTF-8');
      expectCacheable(answer);
      expect(answer.headers.etag).to.be.a('string');
      expect(answer.headers).to.not.have.any.keys('last-modified', 'set-cookie');
      expect(answer.body).to.match(IFRAME_BODY);
    });
  }

  it('the iframe page brings a script from its own origin', async () => {
    const [, path = ''] = IFRAME_BODY.exec((await get(`${service().base}/iframe.html`)).body) ?? [];
    const script = await get(new URL(path, service().base).href);
    expect(script.status).to.equal(200);
    expectCacheable(script);
    expect(script.body).to.include('SockJS');
  });

  for (const path of ['/iframe.htm', '/iframe', '/IFRAME.HTML', '/IFRAME', '/iframe.HTML', '/iframe.xml', '/iframe-/.html'])
    it(`${path} is not found`, async () => {
      expect((await get(service().base + path)).status).to.equal(404);
    });

  it('who has the iframe page is told so', async () => {
    const [first, second] = [await get(`${service().base}/iframe.html`), await get(`${service().base}/iframe.html`)];
    expect(first.headers.etag).to.equal(second.headers.etag);
    const third = await get(`${service().base}/iframe.html`, { 'if-none-match': first.headers.etag ?? '' });
    expect(third).to.include({ status: 304, body: '' });
    expect(third.headers).to.not.have.property('content-type');
  });

  it('info says what the service can do', async () => {
    const answer = await get(`${service().base}/info`, { origin: 'test' });
    expect(answer.status).to.equal(200);
    expectType(answer, 'application/json;charset=UTF-8');
    expectNotCached(answer);
    expectCors(answer, 'test');
    expect(answer.headers).to.not.have.property('set-cookie');
    const info = JSON.parse(answer.body) as Readonly<Record<string, unknown>>;
    expect(info).to.deep.include({ websocket: true, cookie_needed: false, origins: ['*:*'] });
    expect(info['entropy']).to.be.within(0, 2 ** 32 - 1);
  });

  it('info gives other entropy each time', async () => {
    const bodies = [await get(`${service().base}/info`), await get(`${service().base}/info`)].map(({ body }) => body);
    const [first, second] = bodies.map((body) => (JSON.parse(body) as { readonly entropy: number }).entropy);
    expect(first).to.not.equal(second);
  });

  it('info may be asked from other origins, and from files', async () => {
    await expectPreflight(`${service().base}/info`, ['OPTIONS', 'GET']);
    const headers = { origin: 'null', 'access-control-request-method': 'POST' };
    const answer = await ask(`${service().base}/info`, { method: 'OPTIONS', headers });
    expect(answer.headers['access-control-allow-origin']).to.equal('null');
  });
});

describeSockJs('SockJS session URLs', (service) => {
  it('any server and any session may be named', async () => {
    const unique = String(Math.random()).slice(2);
    for (const part of [`/a/a${unique}`, `/_/_${unique}`, `/1/1${unique}`, `/abcdefgh_i-j%20/abcdefg_i-j%20${unique}`])
      expect(await post(`${service().base}${part}/xhr`), part).to.include({ status: 200, body: 'o\n' });
  });

  for (const part of ['//', '/a./a', '/a/a.', '/./.', '/', '///', '/a/a/a'])
    it(`${part} is no session`, async () => {
      expect((await post(`${service().base}${part}/xhr`)).status).to.equal(404);
      expect((await get(`${service().base}${part}/xhr`)).status).to.equal(404);
    });

  it('a session id of any length is answered and no more than that', async () => {
    expect((await post(`${service().base}/000/${'x'.repeat(129)}/xhr`)).status).to.equal(404);
  });

  it('the server part means nothing', async () => {
    const url = newSession(service().base);
    expect((await post(`${url}/xhr`)).body).to.equal('o\n');
    const other = url.replace('/000/', '/999/');
    expect((await post(`${other}/xhr_send`, JSON.stringify([await service().connectFrame()]))).status).to.equal(204);
    expect((await post(`${other}/xhr`)).body).to.match(/^a\["\{.*hello/);
  });

  it('other methods are refused, by name of the right one', async () => {
    const url = newSession(service().base);
    const answer = await get(`${url}/xhr`);
    expect(answer).to.include({ status: 405, body: '' });
    expect(answer.headers.allow).to.include('POST');
    expect(answer.headers).to.not.have.property('content-type');
    expect((await post(`${url}/eventsource`)).status).to.equal(405);
  });
});
