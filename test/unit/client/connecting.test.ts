import { expect } from 'chai';
import type { ConnectionState, WarrenClient, WarrenError } from '../../../client/mod.js';
import { errorAnswer, FakeChat, ROOM, serverChoice } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';

describe('client: connecting', () => {
  let chat: FakeChat;
  let client: WarrenClient;
  let states: string[];

  beforeEach(() => {
    chat = new FakeChat();
    chat.addRoom();
    states = [];
  });

  afterEach(() => client.close());

  async function connect(options: Parameters<FakeChat['client']>[0] = {}): Promise<void> {
    client = await chat.client({ ...options, connect: false });
    client.on('connection', (state) => states.push(state.status));
    void client.connect().catch(() => undefined);
    await settle();
    await settle();
  }

  const serverOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
  const tried = (): string[] => chat.sockets.all.map((socket) => serverOf(socket.url));
  const waitedMs = (): number => (client.connection as ConnectionState & { status: 'waiting' }).retryAt - chat.clock.now();

  it('goes from idle over connecting to online', async () => {
    client = await chat.client({ connect: false });
    expect(client.connection).to.deep.equal({ status: 'idle' });
    client.on('connection', (state) => states.push(state.status));
    await client.connect();
    expect([...new Set(states)]).to.deep.equal(['connecting', 'online']);
    expect(client.connection).to.deep.equal({ status: 'online', serverId: 'server1', sessionId: 'session1' });
  });

  it('sends the access token in the first frame, and nothing in the address', async () => {
    await connect();
    expect(chat.socket.frames[0]).to.deep.include({ type: 'connect', version: 1, token: 'access-1' });
    expect(chat.socket.url).to.equal('ws://chat.test/ws/server1');
  });

  it('sends a ticket instead when asked to', async () => {
    await connect({ auth: 'ticket' });
    expect(chat.socket.frames[0]).to.deep.include({ ticket: 'ticket-1' });
    expect(chat.socket.frames[0]).not.to.have.property('token');
  });

  it('refreshes an access token that is about to expire before it connects', async () => {
    chat.accessTtlMs = 60_000;
    client = await chat.client({ connect: false });
    await chat.clock.advance(31_000);
    await client.connect();
    expect(chat.socket.frames[0]).to.deep.include({ token: 'access-2' });
  });

  it('gives up on a server that does not say hello within 10 seconds, and takes a spare', async () => {
    chat.random = 0.5;
    chat.greets = false;
    await connect();
    await chat.clock.advance(10_000);
    expect(chat.sockets.all[0]?.closedByClient).to.equal(true);
    chat.greets = true;
    await chat.clock.advance(300);
    await settle();
    expect(tried()).to.deep.equal(['server1', 'server2']);
    expect(client.connection.status).to.equal('online');
  });

  it('tries the server in use first, then each spare, then asks discovery with the one in use as preferred', async () => {
    await connect();
    chat.greets = false;
    chat.random = 0;
    chat.socket.end(1006);
    await chat.clock.advance(0);
    for (let n = 0; n < 3; n++) {
      chat.socket.end(1006);
      await chat.clock.advance(0);
      await settle();
    }
    expect(tried()).to.deep.equal(['server1', 'server1', 'server2', 'server3', 'server1']);
    expect(chat.requestsTo('GET /v1/servers').map((r) => r.query.get('prefer'))).to.deep.equal(['server1']);
  });

  it('goes on with the servers it knows when discovery cannot be reached', async () => {
    await connect();
    chat.greets = false;
    chat.random = 0;
    chat.script('GET /v1/servers', ...Array.from({ length: 4 }, () => new TypeError('fetch failed')));
    chat.socket.end(1006);
    for (let n = 0; n < 4; n++) {
      await chat.clock.advance(0);
      chat.socket.end(1006);
    }
    await chat.clock.advance(0);
    await settle();
    expect(tried()[4]).to.equal('server1');
  });

  it('waits a random time of at most 250 ms, doubled at each failure, up to 15 s', async () => {
    chat.random = 0.999_999;
    chat.greets = false;
    await connect();
    const waits: number[] = [];
    for (let n = 0; n < 8; n++) {
      chat.socket.end(1006);
      waits.push(waitedMs());
      await chat.clock.advance(waits.at(-1) ?? 0);
      await settle();
    }
    expect(waits).to.deep.equal([249, 499, 999, 1_999, 3_999, 7_999, 14_999, 14_999]);
  });

  it('waits not at all when the random number says so', async () => {
    chat.random = 0;
    chat.greets = false;
    await connect();
    chat.socket.end(1006);
    expect(waitedMs()).to.equal(0);
  });

  it('begins with short waits again after a connection that lasted', async () => {
    chat.random = 0.999_999;
    chat.greets = false;
    await connect();
    for (let n = 0; n < 4; n++) {
      chat.socket.end(1006);
      if (n === 3) chat.greets = true;
      await chat.clock.advance(waitedMs());
      await settle();
    }
    expect(client.connection.status).to.equal('online');
    await chat.clock.advance(5_000);
    chat.socket.end(1006);
    expect(waitedMs()).to.equal(249);
  });

  it('keeps trying while there is no server, and comes back when there is one', async () => {
    chat.servers = [];
    chat.script('GET /v1/servers', errorAnswer(503, 'NO_SERVER', { temporary: true, details: { retryAfterMs: 60_000 } }));
    await connect();
    expect(client.connection.status).to.equal('waiting');
    expect(waitedMs()).to.equal(60_000);
    chat.servers = [serverChoice('server7')];
    await chat.clock.advance(60_000);
    await settle();
    expect(client.connection).to.include({ status: 'online', serverId: 'server7' });
  });

  it('pings as often as hello says', async () => {
    await connect();
    await chat.clock.advance(75_000);
    expect(chat.socket.sent('ping')).to.have.length(3);
  });

  it('takes a connection for dead when a ping is not answered within 10 seconds', async () => {
    await connect();
    chat.socket.onFrame = () => undefined;
    await chat.clock.advance(34_999);
    expect(chat.sockets.all).to.have.length(1);
    await chat.clock.advance(300);
    await settle();
    expect(chat.sockets.all).to.have.length(2);
    expect(client.connection.status).to.equal('online');
  });

  it('takes any frame for a sign of life', async () => {
    await connect();
    chat.socket.onFrame = () => undefined;
    await chat.clock.advance(30_000);
    chat.post();
    await chat.clock.advance(10_000);
    expect(chat.sockets.all).to.have.length(1);
  });

  it('tries at once when the device wakes up', async () => {
    chat.random = 0.999_999;
    chat.greets = false;
    await connect();
    chat.socket.end(1006);
    chat.greets = true;
    client.wake();
    await settle();
    await settle();
    expect(client.connection.status).to.equal('online');
  });

  it('asks a connection for a sign of life when the device wakes up', async () => {
    await connect();
    client.wake();
    await settle();
    expect(chat.socket.sent('ping')).to.have.length(1);
  });

  it('takes it for dead when there is none within 4 seconds, however often the device wakes up', async () => {
    await connect();
    chat.socket.onFrame = () => undefined;
    client.wake();
    await chat.clock.advance(3_999);
    client.wake();
    expect([chat.sockets.all.length, chat.socket.sent('ping').length]).to.deep.equal([1, 1]);
    await chat.clock.advance(300);
    expect(chat.sockets.all).to.have.length(2);
  });

  it('stays away after disconnect, and comes back with connect', async () => {
    await connect();
    client.disconnect();
    expect(chat.socket.closedByClient).to.equal(true);
    expect(client.connection).to.deep.equal({ status: 'stopped', reason: 'closed' });
    await client.connect();
    expect(client.connection.status).to.equal('online');
  });

  it('rejects connect without a login, and after close', async () => {
    client = await chat.client({ login: false });
    expect(await client.connect().catch((e: unknown) => (e as WarrenError).code)).to.equal('NOT_LOGGED_IN');
    await client.close();
    expect(await client.connect().catch((e: unknown) => (e as WarrenError).code)).to.equal('CLOSED');
  });

  it('rejects connect when it is stopped meanwhile', async () => {
    chat.greets = false;
    client = await chat.client({ connect: false });
    const connecting = client.connect();
    await settle();
    client.disconnect();
    expect(await connecting.catch((e: unknown) => (e as WarrenError).code)).to.equal('CLOSED');
  });

  it('copes with an address that the platform refuses', async () => {
    function Refusing(): never {
      throw new SyntaxError('bad address');
    }
    await connect({ WebSocket: Refusing as never });
    expect(client.connection.status).to.equal('waiting');
  });

  it('leaves no timer behind', async () => {
    await connect();
    client.send(ROOM, 'x');
    chat.post({ prev: chat.nextId() });
    chat.socket.push({ type: 'resync', withinMs: 5_000 });
    await client.close();
    expect(chat.clock.pendingTimers).to.equal(0);
    await chat.clock.advance(60_000);
    expect(chat.clock.pendingTimers).to.equal(0);
  });
});
