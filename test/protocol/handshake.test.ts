import { expect } from 'chai';
import { offerConnect } from '../../shared/protocol/early-connect.js';
import { ChatWorld } from '../support/chat-world.js';
import { describeWith } from '../support/products.js';
import { RawClient } from '../support/raw-client.js';

describeWith('amqp', 'protocol of /ws', () => {
  describeWith('redis', 'frames', () => {
    let world: ChatWorld;
    before(async () => {
      world = await new ChatWorld().start({ servers: 1, worker: false });
    });
    after(() => world.stop());

    it('hello names the server, the session, the limits and the heartbeat', async () => {
      const [alice] = await world.users('alice');
      const client = await world.open(0);
      client.send({ type: 'connect', version: 1, token: world.token(alice) });
      const hello = await client.next('hello');
      expect(hello).to.include({ version: 1, serverId: 'server1', userId: alice.userId });
      expect(hello).to.have.nested.property('heartbeat.intervalMs', 25_000);
      expect(hello).to.have.nested.property('limits.contentChars', 100_000);
      expect(hello['sessionId']).to.be.a('string');
    });

    it('a ticket opens one session and no second one', async () => {
      const [alice] = await world.users('alice');
      const deviceId = world.tools.ids.next();
      await world.tools.tickets.issue('ticket-1', { userId: alice.userId, deviceId: deviceId as never }, 30_000);
      const first = await world.open(0);
      first.send({ type: 'connect', version: 1, ticket: 'ticket-1' });
      expect(await first.next('hello')).to.include({ deviceId });
      const second = await world.open(0);
      second.send({ type: 'connect', version: 1, ticket: 'ticket-1' });
      expect(await second.next('error')).to.include({ code: 'TOKEN_INVALID' });
      expect((await second.closed).code).to.equal(4500);
    });

    const refusals: readonly (readonly [title: string, frame: string, code: string, close: number])[] = [
      ['a bad token', '{"type":"connect","version":1,"token":"x.y.z"}', 'TOKEN_INVALID', 4500],
      ['another version', '{"type":"connect","version":99,"token":"x"}', 'UNSUPPORTED_VERSION', 4505],
      ['ticket and token together', '{"type":"connect","version":1,"token":"x","ticket":"y"}', 'INVALID_INPUT', 4503],
      ['no JSON', 'hello?', 'BAD_JSON', 4503],
      ['JSON that is no frame', '[1,2,3]', 'UNKNOWN_FRAME', 4503],
    ];
    it('hello follows a connect frame that came with the upgrade request', async () => {
      const [alice] = await world.users('alice');
      const client = await world.open(0, offerConnect({ type: 'connect', version: 1, token: world.token(alice) }));
      expect(await client.next('hello')).to.include({ serverId: 'server1', userId: alice.userId });
      await client.settle();
      client.send({ type: 'connect', version: 1, token: world.token(alice) });
      expect((await client.closed).code).to.equal(4503);
    });

    for (const [title, frame, code, close] of refusals) {
      it(`with the upgrade request, ${title} is answered ${code} and closed with ${close}`, async () => {
        const client = await world.open(0, [`warren.connect.${encodeURIComponent(frame)}`, 'warren.v1']);
        expect(await client.next('error')).to.include({ code });
        expect((await client.closed).code).to.equal(close);
      });

      it(`before hello, ${title} is answered ${code} and closed with ${close}`, async () => {
        const client = await world.open(0);
        client.sendRaw(frame);
        expect(await client.next('error')).to.include({ code });
        expect((await client.closed).code).to.equal(close);
      });
    }

    it('a command before hello closes the connection', async () => {
      const client = await world.open(0);
      client.send({ type: 'ping' });
      expect((await client.closed).code).to.equal(4500);
    });

    it('after hello, a bad frame is answered with its field and its clientId, and the session goes on', async () => {
      const [alice] = await world.users('alice');
      const client = await world.connect(alice, 0);
      const answer = await client.ask({ type: 'send', clientId: 'bad', channelId: 'nonsense', content: 'x' });
      expect(answer).to.include({ code: 'INVALID_INPUT', clientId: 'bad', temporary: false });
      expect(answer).to.have.nested.property('details.field', 'channelId');
      client.send({ type: 'dance' });
      expect(await client.next('error')).to.include({ code: 'UNKNOWN_FRAME' });
      await client.settle();
    });

    it('content of 100,000 Korean characters is taken, one more is refused', async () => {
      const [alice, bob] = await world.users('alice', 'bob');
      const channelId = await world.channel(alice, bob);
      const [a, b] = [await world.connect(alice, 0), await world.connect(bob, 0)];
      const content = '가'.repeat(100_000);
      expect(await a.ask({ type: 'send', clientId: 'long', channelId, content })).to.have.property('type', 'ack');
      expect((await b.next('message'))['content']).to.equal(content);
      expect(await a.ask({ type: 'send', clientId: 'longer', channelId, content: `${content}나` })).to.include({ code: 'INVALID_INPUT' });
    });

    it('several frames in one message are each answered', async () => {
      const [alice] = await world.users('alice');
      const channelId = await world.channel(alice);
      const client = await world.connect(alice, 0);
      client.send(
        { type: 'ping' },
        { type: 'send', clientId: '1', channelId, content: 'x' },
        { type: 'send', clientId: '2', channelId, content: 'y' },
      );
      await client.next('pong');
      expect([(await client.next('ack'))['clientId'], (await client.next('ack'))['clientId']]).to.deep.equal(['1', '2']);
    });

    it('a message of more than 256 frames or 1 MiB closes the connection as too large', async () => {
      const [alice] = await world.users('alice');
      const many = await world.connect(alice, 0);
      many.send(...Array.from({ length: 257 }, () => ({ type: 'ping' })));
      expect((await many.closed).code).to.equal(4504);
      const large = await world.connect(alice, 0);
      large.sendRaw(`"${'x'.repeat(1_048_577)}"`);
      expect((await large.closed).code).to.be.oneOf([1009, 4504]);
    });

    it('paths that are not there are refused', async () => {
      const url = (world.servers[0]?.url ?? '').replace(/ws$/, 'elsewhere');
      const error = await RawClient.open(url).then(
        () => undefined,
        (reason: unknown) => reason as Error,
      );
      expect(error?.message).to.match(/404/);
    });
  });
});
