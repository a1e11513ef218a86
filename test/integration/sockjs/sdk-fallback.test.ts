import { expect } from 'chai';
import { WebSocket } from 'ws';
import { TransportChoice, TRANSPORTS, TRANSPORT_KEY } from '../../../client/fallback-choice.js';
import { createLadder } from '../../../client/fallback-ladder.js';
import { FallbackSocket } from '../../../client/fallback-socket.js';
import { Schedule } from '../../../client/schedule.js';
import { createMemoryStorage, Keep } from '../../../client/storage.js';
import { ChatWorld, type WorldUser } from '../../support/chat-world.js';
import { FakeClock } from '../../support/fake-clock.js';
import { HostileProxy, type Hostility } from '../../support/hostile-proxy.js';
import { describeWith } from '../../support/products.js';
import { SocketTalk } from '../../support/socket-talk.js';

const CALM: Hostility = { upgrades: 'pass', answers: 'pass' };

describeWith('amqp', 'the SDK behind bad proxies', () => {
  describeWith('redis', 'on a chat server', () => {
    let world: ChatWorld;
    let proxy: HostileProxy;
    let clock: FakeClock;
    let storage: ReturnType<typeof createMemoryStorage>;
    let alice: WorldUser;

    before(async () => {
      world = await new ChatWorld().start({ servers: 1, worker: false });
    });
    after(() => world.stop());
    beforeEach(async () => {
      proxy = await new HostileProxy(world.servers[0]!.url.replace(/^ws/, 'http'), CALM).start();
      clock = new FakeClock();
      storage = createMemoryStorage();
      alice = await world.user('alice');
    });
    afterEach(() => proxy.stop());

    const url = (): string => `${proxy.url.replace(/^http/, 'ws')}/ws?server=server1`;

    function createChoice(): TransportChoice {
      return new TransportChoice({ allowed: TRANSPORTS, keep: new Keep(storage, () => undefined) });
    }

    function dial(choice: TransportChoice): SocketTalk {
      const schedule = new Schedule({ now: clock.now, random: Math.random, timers: clock.timers });
      const Socket = createLadder({ choice, WebSocket, fetch: (to, init) => fetch(to, init), schedule });
      return new SocketTalk(new Socket(url()));
    }

    /** Opens, says hello, and asks for a sign of life. */
    async function greet(talk: SocketTalk): Promise<void> {
      await talk.opened;
      talk.send({ type: 'connect', version: 1, token: world.token(alice) });
      expect(await talk.next()).to.include({ type: 'hello', userId: alice.userId });
      talk.send({ type: 'ping' });
      expect(await talk.next()).to.deep.equal({ type: 'pong' });
    }

    for (const receive of ['streaming', 'polling'] as const) {
      it(`${receive} carries frames both ways`, async () => {
        const talk = new SocketTalk(new FallbackSocket(url(), { receive, fetch: (to, init) => fetch(to, init) }));
        await greet(talk);
        for (let i = 0; i < 20; i++) talk.send({ type: 'ping' });
        for (let i = 0; i < 20; i++) expect(await talk.next()).to.deep.equal({ type: 'pong' });
        talk.close(1_000);
        expect(await talk.closed).to.equal(1_000);
      });

      it(`${receive} brings the server's close code after its last words`, async () => {
        const talk = new SocketTalk(new FallbackSocket(url(), { receive, fetch: (to, init) => fetch(to, init) }));
        await talk.opened;
        talk.send('nonsense');
        expect(await talk.next()).to.include({ type: 'error', code: 'BAD_JSON' });
        expect(await talk.closed).to.equal(4503);
      });

      it(`${receive} carries 100,000 characters of Korean and everything that browsers lose`, async () => {
        const channelId = await world.channel(alice);
        const [writer, reader] = [0, 1].map(() => {
          return new SocketTalk(new FallbackSocket(url(), { receive, fetch: (to, init) => fetch(to, init) }));
        }) as [SocketTalk, SocketTalk];
        await greet(writer);
        await greet(reader);
        const content = `${'가'.repeat(99_900)}\u2028\ufffe\u200d<>&'"\\👍`;
        writer.send({ type: 'send', clientId: 'long', channelId, content });
        expect(await writer.next()).to.include({ type: 'ack', clientId: 'long' });
        expect(await reader.next()).to.include({ type: 'message', content });
        writer.close(1_000);
        reader.close(1_000);
      });
    }

    it('uses a WebSocket where one gets through', async () => {
      const choice = createChoice();
      const talk = dial(choice);
      await greet(talk);
      expect(choice.current).to.equal('websocket');
      talk.close(1_000);
    });

    it('streams where upgrades are refused, and remembers that', async () => {
      proxy.hostility = { upgrades: 'refuse', answers: 'pass' };
      const choice = createChoice();
      expect(await dial(choice).closed).to.equal(1006);
      const talk = dial(choice);
      await greet(talk);
      expect([...(storage.entries() as Iterable<readonly [string, string]>)]).to.deep.include([TRANSPORT_KEY, 'streaming']);
      talk.close(1_000);
      const later = createChoice();
      later.restore(new Map(storage.entries() as Iterable<readonly [string, string]>));
      expect(later.current).to.equal('streaming');
    });

    it('polls where upgrades vanish and answers are held back', async () => {
      proxy.hostility = { upgrades: 'swallow', answers: 'buffer' };
      const choice = createChoice();
      for (let i = 0; i < 2; i++) {
        const stuck = dial(choice);
        await clock.advance(5_000);
        expect(await stuck.closed).to.equal(1006);
      }
      const talk = dial(choice);
      await greet(talk);
      expect(choice.current).to.equal('polling');
      talk.close(1_000);
    });

    it('climbs back when WebSockets get through again', async () => {
      proxy.hostility = { upgrades: 'refuse', answers: 'pass' };
      const choice = createChoice();
      await dial(choice).closed;
      const talk = dial(choice);
      await greet(talk);
      proxy.hostility = CALM;
      await clock.advance(60_000);
      expect(await talk.closed).to.equal(1012);
      const better = dial(choice);
      await greet(better);
      expect(choice.current).to.equal('websocket');
      better.close(1_000);
    });

    it('stays where it is when the better one is still stuck, and looks again later', async () => {
      proxy.hostility = { upgrades: 'refuse', answers: 'pass' };
      const choice = createChoice();
      await dial(choice).closed;
      const talk = dial(choice);
      await greet(talk);
      await clock.advance(60_000);
      talk.send({ type: 'ping' });
      expect(await talk.next()).to.deep.equal({ type: 'pong' });
      expect(choice.current).to.equal('streaming');
      talk.close(1_000);
    });
  });
});
