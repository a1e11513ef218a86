import { expect } from 'chai';
import { connect } from 'node:net';
import { once } from 'node:events';
import { eventually } from '../support/eventually.js';
import { AnswerStream, newSession, post } from '../support/sockjs-http.js';
import { describeSockJs, openXhrSession } from '../support/sockjs-service.js';

const ANOTHER = 'c[2010,"Another connection still open"]\n';
const INTERRUPTED = 'c[1002,"Connection interrupted"]\n';
const REFUSED = 'c[4503,"malformed or unexpected frame"]\n';

describeSockJs('SockJS closing', (service) => {
  it('the reason comes after what was still to be said, and again for whoever asks again', async () => {
    const url = newSession(service().base);
    await post(`${url}/xhr`);
    await post(`${url}/xhr_send`, '["nonsense"]');
    expect((await post(`${url}/xhr`)).body).to.match(/^a\[.*BAD_JSON/);
    expect((await post(`${url}/xhr`)).body).to.equal(REFUSED);
    expect((await post(`${url}/xhr`)).body).to.equal(REFUSED);
    expect((await post(`${url}/xhr_send`, '["x"]')).status).to.equal(404);
  });

  it('a stream ends with the reason', async () => {
    const url = newSession(service().base);
    const first = await AnswerStream.open(`${url}/xhr_streaming`, { method: 'POST' });
    await first.next('o\n');
    await post(`${url}/xhr_send`, '["nonsense"]');
    expect(await first.rest()).to.match(/BAD_JSON.*\nc\[4503,"malformed or unexpected frame"\]\n$/);
    const second = await AnswerStream.open(`${url}/xhr_streaming`, { method: 'POST' });
    await second.next('\n');
    expect(await second.rest()).to.equal(REFUSED);
  });

  it('a second stream is turned away, and the first one goes on', async () => {
    const url = newSession(service().base);
    const first = await AnswerStream.open(`${url}/xhr_streaming`, { method: 'POST' });
    await first.next('o\n');
    const second = await AnswerStream.open(`${url}/xhr_streaming`, { method: 'POST' });
    await second.next('\n');
    expect(await second.rest()).to.equal(ANOTHER);
    await post(`${url}/xhr_send`, JSON.stringify([await service().connectFrame()]));
    expect(await first.next('\n')).to.match(/hello/);
    first.abort();
  });

  it('a stream that was cut off ends its session', async () => {
    const url = newSession(service().base);
    const first = await AnswerStream.open(`${url}/xhr_streaming`, { method: 'POST' });
    await first.next('o\n');
    first.abort();
    await eventually(async () => (await post(`${url}/xhr`)).body === INTERRUPTED);
  });

  it('a poll that was cut off ends its session', async () => {
    const url = await openXhrSession(service());
    // One of the two waits and the other one is turned away, whichever comes first.
    const polls = [await sendRaw(url, '/xhr', 'HTTP/1.1'), await sendRaw(url, '/xhr', 'HTTP/1.1')];
    await eventually(() => Promise.resolve(polls.some(({ text }) => text().includes(ANOTHER))));
    for (const { socket } of polls) socket.destroy();
    await eventually(async () => (await post(`${url}/xhr`)).body === INTERRUPTED);
  });
});

describeSockJs('SockJS over HTTP 1.0 and 1.1', (service) => {
  it('HTTP/1.0 gets a stream without chunks and without a length', async () => {
    const { socket, text } = await sendRaw(newSession(service().base), '/xhr_streaming', 'HTTP/1.0');
    await eventually(() => Promise.resolve(text().endsWith('h\no\n')));
    const [head = '', body] = text().split('\r\n\r\n');
    expect(head).to.match(/^HTTP\/1\.[01] 200 /);
    expect(head).to.not.match(/transfer-encoding|content-length/i);
    expect(body).to.equal(`${'h'.repeat(2_048)}\no\n`);
    socket.destroy();
  });

  it('HTTP/1.1 gets a stream in chunks', async () => {
    const { socket, text } = await sendRaw(newSession(service().base), '/xhr_streaming', 'HTTP/1.1');
    await eventually(() => Promise.resolve(text().endsWith('o\n\r\n')));
    const [head = '', body] = text().split('\r\n\r\n');
    expect(head).to.match(/transfer-encoding: chunked/i);
    expect(head).to.not.match(/content-length/i);
    expect((body ?? '').replaceAll(/[0-9a-f]+\r\n|\r\n/g, '')).to.match(/^h{2048}\no\n$/);
    socket.destroy();
  });

  it('a connection is kept for the next request', async () => {
    const url = new URL(service().base);
    const socket = connect(Number(url.port || 80), url.hostname);
    const greeting = `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`;
    for (let i = 0; i < 2; i++) {
      socket.write(greeting);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).to.match(/content-length: 19\r\n[^]*Welcome to SockJS!\n$/i);
    }
    socket.destroy();
  });
});

/** A POST by hand; what has come back so far. */
async function sendRaw(session: string, suffix: string, version: string) {
  const url = new URL(session + suffix);
  const socket = connect(Number(url.port || 80), url.hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`POST ${url.pathname} ${version}\r\nHost: ${url.host}\r\nContent-Length: 0\r\n\r\n`);
  return { socket, text: () => text };
}
