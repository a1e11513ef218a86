import { expect } from 'chai';
import { expectCors, expectNotCached, expectPreflight, expectType } from '../support/sockjs-checks.js';
import { ask, AnswerStream, newSession, post } from '../support/sockjs-http.js';
import { describeSockJs, openXhrSession, PING, PONG_FRAME } from '../support/sockjs-service.js';

const PINGS = JSON.stringify([PING]);
const SCRIPT = 'application/javascript;charset=UTF-8';

describeSockJs('SockJS xhr', (service) => {
  it('may be asked from other origins', async () => {
    for (const suffix of ['/xhr', '/xhr_send']) await expectPreflight(`${service().base}/abc/abc${suffix}`, ['OPTIONS', 'POST']);
  });

  it('opens a session', async () => {
    const answer = await post(`${newSession(service().base)}/xhr`, '', { origin: 'test' });
    expect(answer).to.include({ status: 200, body: 'o\n' });
    expectType(answer, SCRIPT);
    expectCors(answer, 'test');
    expectNotCached(answer);
  });

  it('takes messages and brings their answers', async () => {
    const url = await openXhrSession(service());
    const sent = await post(`${url}/xhr_send`, PINGS, { origin: 'test' });
    expect(sent).to.include({ status: 204, body: '' });
    expectType(sent, 'text/plain;charset=UTF-8');
    expectCors(sent, 'test');
    expectNotCached(sent);
    expect(await post(`${url}/xhr`)).to.include({ status: 200, body: `${PONG_FRAME}\n` });
  });

  it('a poll waits for what comes', async () => {
    const url = await openXhrSession(service());
    const poll = post(`${url}/xhr`);
    await post(`${url}/xhr_send`, PINGS);
    expect((await poll).body).to.equal(`${PONG_FRAME}\n`);
  });

  it('messages to a session that is not there are not found', async () => {
    expect((await post(`${newSession(service().base)}/xhr_send`, PINGS)).status).to.equal(404);
  });

  const refused: readonly (readonly [title: string, body: string, answer: string])[] = [
    ['broken JSON', '["x', 'Broken JSON encoding.'],
    ['nothing', '', 'Payload expected.'],
    ['an object', '{"a":1}', 'Broken JSON encoding.'],
    ['numbers', '[1,2]', 'Broken JSON encoding.'],
    ['more messages than anybody sends', JSON.stringify(Array.from({ length: 1_025 }, () => '')), 'Broken JSON encoding.'],
  ];
  for (const [title, body, text] of refused)
    it(`${title} is refused, and the session goes on`, async () => {
      const url = await openXhrSession(service());
      expect(await post(`${url}/xhr_send`, body)).to.include({ status: 500, body: text });
      await post(`${url}/xhr_send`, PINGS);
      expect((await post(`${url}/xhr`)).body).to.equal(`${PONG_FRAME}\n`);
    });

  it('the content type does not matter', async () => {
    const url = await openXhrSession(service());
    const types = ['text/plain', 'T', 'application/json', 'application/xml', '', 'application/json; charset=utf-8', 'text/xml'];
    for (const type of types) expect((await post(`${url}/xhr_send`, PINGS, { 'content-type': type })).status).to.equal(204);
    const pongs = (await post(`${url}/xhr`)).body.match(/pong/g);
    expect(pongs).to.have.length(types.length);
  });

  it('the headers that a page wants to send are allowed', async () => {
    const url = `${newSession(service().base)}/xhr`;
    const headers = { origin: 'test', 'access-control-request-method': 'POST' };
    const named = await ask(url, { method: 'OPTIONS', headers: { ...headers, 'access-control-request-headers': 'a, b, c' } });
    expect(named.headers['access-control-allow-headers']).to.equal('a, b, c');
    for (const nothing of [{}, { 'access-control-request-headers': '' }]) {
      const answer = await ask(url, { method: 'OPTIONS', headers: { ...headers, ...nothing } });
      expect(answer.headers).to.not.have.property('access-control-allow-headers');
    }
  });

  it('frames without messages are taken', async () => {
    const url = await openXhrSession(service());
    expect((await post(`${url}/xhr_send`, '[]')).status).to.equal(204);
    expect((await post(`${url}/xhr_send`, '[""]')).status).to.equal(204);
    await post(`${url}/xhr_send`, PINGS);
    expect((await post(`${url}/xhr`)).body).to.equal(`${PONG_FRAME}\n`);
  });

  it('a body of more than 2 MiB is refused', async () => {
    const url = await openXhrSession(service());
    expect((await post(`${url}/xhr_send`, `["${'x'.repeat(2_200_000)}"]`)).status).to.equal(413);
  });
});

describeSockJs('SockJS xhr_streaming', (service) => {
  it('may be asked from other origins', () => expectPreflight(`${service().base}/abc/abc/xhr_streaming`, ['OPTIONS', 'POST']));

  it('begins with 2 KiB for browsers that wait for it, and goes on', async () => {
    const url = newSession(service().base);
    const stream = await AnswerStream.open(`${url}/xhr_streaming`, { method: 'POST', headers: { origin: 'test' } });
    expect(stream.status).to.equal(200);
    expectType(stream, SCRIPT);
    expectCors(stream, 'test');
    expectNotCached(stream);
    expect(await stream.next('\n')).to.equal(`${'h'.repeat(2_048)}\n`);
    expect(await stream.next('\n')).to.equal('o\n');
    await post(`${url}/xhr_send`, JSON.stringify([await service().connectFrame()]));
    expect(await stream.next('\n')).to.match(/hello/);
    await post(`${url}/xhr_send`, PINGS);
    expect(await stream.next('\n')).to.equal(`${PONG_FRAME}\n`);
    stream.abort();
  });
});
