import { expect } from 'chai';
import { expectNotCached, expectType } from '../support/sockjs-checks.js';
import { AnswerStream, get, newSession, post } from '../support/sockjs-http.js';
import { describeSockJs, PING, PONG_FRAME, type SockJsService } from '../support/sockjs-service.js';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const HTML_HEAD = `
<!doctype html>
<html><head>
  <meta http-equiv="X-UA-Compatible" content="IE=edge" />
  <meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
</head><body><h2>Don't panic!</h2>
  <script>
    document.domain = document.domain;
    var c = parent.callback;
    c.start();
    function p(d) {c.message(d);};
    window.onload = function() {c.stop();};
  </script>`.trim();

function inScript(frame: string): string {
  return `<script>\np(${JSON.stringify(frame)});\n</script>\r\n`;
}

async function logIn(service: SockJsService, url: string): Promise<void> {
  expect((await post(`${url}/xhr_send`, JSON.stringify([await service.connectFrame()]))).status).to.equal(204);
}

describeSockJs('SockJS eventsource', (service) => {
  it('begins with an empty line, then sends events', async () => {
    const url = newSession(service().base);
    const stream = await AnswerStream.open(`${url}/eventsource`);
    expect(stream.status).to.equal(200);
    expectType(stream, 'text/event-stream');
    expectNotCached(stream);
    expect(await stream.next('\r\n')).to.equal('\r\n');
    expect(await stream.next('\r\n\r\n')).to.equal('data: o\r\n\r\n');
    await logIn(service(), url);
    expect(await stream.next('\r\n\r\n')).to.match(/^data: a\["\{.*hello/);
    await post(`${url}/xhr_send`, JSON.stringify([PING]));
    expect(await stream.next('\r\n\r\n')).to.equal(`data: ${PONG_FRAME}\r\n\r\n`);
    stream.abort();
  });

  it('line ends within a message stay within their event', async () => {
    const url = newSession(service().base);
    const stream = await AnswerStream.open(`${url}/eventsource`);
    await stream.next('data: o\r\n\r\n');
    await logIn(service(), url);
    await stream.next('\r\n\r\n');
    await post(`${url}/xhr_send`, JSON.stringify([JSON.stringify({ type: 'dance', clientId: '  \u0000\n\r ' })]));
    const event = await stream.next('\r\n\r\n');
    expect(event.trim().split(/[\r\n]/)).to.have.length(1);
    const [message = ''] = JSON.parse(event.slice('data: a'.length)) as string[];
    expect(JSON.parse(message)).to.include({ code: 'UNKNOWN_FRAME', clientId: '  \u0000\n\r ' });
    stream.abort();
  });
});

describeSockJs('SockJS htmlfile', (service) => {
  it('begins with a page of more than 1 KiB, then sends scripts', async () => {
    const url = newSession(service().base);
    const stream = await AnswerStream.open(`${url}/htmlfile?c=%63allback`);
    expect(stream.status).to.equal(200);
    expectType(stream, 'text/html;charset=UTF-8');
    expectNotCached(stream);
    const head = await stream.next('\r\n\r\n');
    expect(head.trim()).to.equal(HTML_HEAD);
    expect(head.length).to.be.above(1_024);
    expect(await stream.next('</script>\r\n')).to.equal(inScript('o'));
    await logIn(service(), url);
    await stream.next('</script>\r\n');
    await post(`${url}/xhr_send`, JSON.stringify([PING]));
    expect(await stream.next('</script>\r\n')).to.equal(inScript(PONG_FRAME));
    stream.abort();
  });

  it('no message can end the script that it is in', async () => {
    const url = newSession(service().base);
    const stream = await AnswerStream.open(`${url}/htmlfile?c=callback`);
    await stream.next('</script>\r\n');
    await logIn(service(), url);
    await stream.next('</script>\r\n');
    await post(`${url}/xhr_send`, JSON.stringify([JSON.stringify({ type: 'dance', clientId: '</script><script>x' })]));
    expect(await stream.next('</script>\r\n')).to.match(/\\u003c\/script>\\u003cscript>x/);
    stream.abort();
  });
});

describeSockJs('SockJS jsonp', (service) => {
  it('opens a session, takes messages as a form, brings their answers', async () => {
    const url = newSession(service().base);
    const opened = await get(`${url}/jsonp?c=%63allback`);
    expect(opened).to.include({ status: 200, body: '/**/callback("o");\r\n' });
    expectType(opened, 'application/javascript;charset=UTF-8');
    expectNotCached(opened);
    const d = encodeURIComponent(JSON.stringify([await service().connectFrame()]));
    const sent = await post(`${url}/jsonp_send`, `d=${d}`, FORM);
    expect(sent).to.include({ status: 200, body: 'ok' });
    expectType(sent, 'text/plain;charset=UTF-8');
    expectNotCached(sent);
    expect((await get(`${url}/jsonp?c=callback`)).body).to.match(/^\/\*\*\/callback\("a\[/);
  });

  it('broken and missing payloads are refused, and the session goes on', async () => {
    const url = newSession(service().base);
    expect((await get(`${url}/jsonp?c=x`)).body).to.equal('/**/x("o");\r\n');
    expect(await post(`${url}/jsonp_send`, 'd=%5B%22x', FORM)).to.include({ status: 500, body: 'Broken JSON encoding.' });
    for (const body of ['', 'd=', 'p=p'])
      expect(await post(`${url}/jsonp_send`, body, FORM)).to.include({ status: 500, body: 'Payload expected.' });
    const d = encodeURIComponent(JSON.stringify([await service().connectFrame()]));
    expect((await post(`${url}/jsonp_send`, `d=${d}`, FORM)).body).to.equal('ok');
    expect((await get(`${url}/jsonp?c=x`)).body).to.match(/hello/);
  });

  it('the payload may come with any content type', async () => {
    const url = newSession(service().base);
    await get(`${url}/jsonp?c=x`);
    expect(
      (await post(`${url}/jsonp_send`, JSON.stringify([await service().connectFrame()]), { 'content-type': 'text/plain' })).body,
    ).to.equal('ok');
    expect((await get(`${url}/jsonp?c=x`)).body).to.match(/hello/);
  });
});

describeSockJs('SockJS callback names', (service) => {
  for (const transport of ['jsonp', 'htmlfile']) {
    it(`${transport} needs one`, async () => {
      const answer = await get(`${service().base}/a/a/${transport}`);
      expect(answer).to.include({ status: 500, body: '"callback" parameter required' });
    });

    for (const name of ['%20', '*', 'abc(', 'abc%28', '%3Cscript%3E', 'x'.repeat(129)])
      it(`${transport} refuses ${name.slice(0, 16)}`, async () => {
        const answer = await get(`${service().base}/a/a/${transport}?c=${name}`);
        expect(answer).to.include({ status: 500, body: 'invalid "callback" parameter' });
      });
  }
});
