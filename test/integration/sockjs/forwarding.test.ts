import { expect } from 'chai';
import { ChatWorld } from '../../support/chat-world.js';
import { eventually } from '../../support/eventually.js';
import { describeWith } from '../../support/products.js';
import { AnswerStream, newSession, post } from '../../support/sockjs-http.js';
import { PING, PONG_FRAME, serviceOf } from '../../support/sockjs-service.js';

const LOST = 'c[4008,"the server of this session is gone"]\n';

describeWith('amqp', 'SockJS requests that reach another server', () => {
  describeWith('redis', 'of the cluster', () => {
    let world: ChatWorld;
    let path: string;
    /** The session's URL at the n-th server. */
    const at = (server: number): string => serviceOf(world, server).base + path;

    beforeEach(async () => {
      world = await new ChatWorld().start({ servers: 3, worker: false });
      path = newSession('');
    });
    afterEach(() => world.stop());

    async function openAt(server: number): Promise<void> {
      expect((await post(`${at(server)}/xhr`)).body).to.equal('o\n');
      await post(`${at(server)}/xhr_send`, JSON.stringify([await serviceOf(world, server).connectFrame()]));
      expect((await post(`${at(server)}/xhr`)).body).to.match(/hello/);
    }

    it('are answered by the session’s owner', async () => {
      await openAt(0);
      expect((await post(`${at(1)}/xhr_send`, JSON.stringify([PING]))).status).to.equal(204);
      expect((await post(`${at(2)}/xhr`)).body).to.equal(`${PONG_FRAME}\n`);
    });

    it('stream as well', async () => {
      await openAt(0);
      const stream = await AnswerStream.open(`${at(1)}/xhr_streaming`, { method: 'POST', headers: { origin: 'http://page.test' } });
      expect(stream.headers).to.include({
        'access-control-allow-origin': 'http://page.test',
        'content-type': 'application/javascript; charset=UTF-8',
      });
      await stream.next('\n');
      for (let i = 0; i < 3; i++) {
        await post(`${at(2)}/xhr_send`, JSON.stringify([PING]));
        expect(await stream.next('\n')).to.equal(`${PONG_FRAME}\n`);
      }
      stream.abort();
    });

    it('end the session when they are cut off', async () => {
      await openAt(0);
      const stream = await AnswerStream.open(`${at(1)}/xhr_streaming`, { method: 'POST' });
      await stream.next('\n');
      stream.abort();
      await eventually(async () => (await post(`${at(0)}/xhr`)).body === 'c[1002,"Connection interrupted"]\n');
    });

    it('are turned away while another one waits', async () => {
      await openAt(0);
      const stream = await AnswerStream.open(`${at(0)}/xhr_streaming`, { method: 'POST' });
      await stream.next('\n');
      expect((await post(`${at(1)}/xhr`)).body).to.equal('c[2010,"Another connection still open"]\n');
      stream.abort();
    });

    it('of two first requests at once, one opens the session and the other is turned away or waits its turn', async () => {
      const answers = await Promise.all([0, 1, 2].map((server) => post(`${at(server)}/xhr`)));
      expect(answers.filter(({ body }) => body === 'o\n')).to.have.length(1);
    });

    it('are told to begin anew when the owner is gone', async () => {
      await openAt(0);
      await world.servers[0]!.stop();
      expect((await post(`${at(1)}/xhr`)).body).to.equal(LOST);
      expect((await post(`${at(1)}/xhr_send`, JSON.stringify([PING]))).status).to.equal(404);
      const stream = await AnswerStream.open(`${at(2)}/eventsource`);
      expect(await stream.rest()).to.include(`data: ${LOST.trim()}`);
    });

    it('are told to begin anew when the owner does not know the session any more', async () => {
      const owner = world.servers[0]!.url.replace(/^ws/, 'http').replace(/\/ws$/, '');
      await world.tools.sessionOwners.claim(`/sockjs/${path.split('/')[2] ?? ''}`, `${owner} earlier-life`, 60_000);
      expect((await post(`${at(1)}/xhr`)).body).to.equal(LOST);
      expect((await post(`${at(0)}/xhr`)).body).to.equal(LOST);
    });

    it('are not passed on twice', async () => {
      await openAt(0);
      const answer = await post(`${at(1)}/xhr`, '', { 'x-warren-forwarded': '1' });
      expect(answer.body).to.equal(LOST);
    });

    it('are answered while Redis is away, where the session lives', async () => {
      await openAt(0);
      await world.servers[0]!.infrastructure.redis.stop();
      await post(`${at(0)}/xhr_send`, JSON.stringify([PING]));
      expect((await post(`${at(0)}/xhr`)).body).to.equal(`${PONG_FRAME}\n`);
      expect((await post(`${newSession(serviceOf(world, 0).base)}/xhr`)).status).to.equal(503);
    });
  });
});
