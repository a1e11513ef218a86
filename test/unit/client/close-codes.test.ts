import { expect } from 'chai';
import type { WarrenClient } from '../../../client/mod.js';
import { errorAnswer, FakeChat } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';

describe('client: after the server has closed the connection', () => {
  let chat: FakeChat;
  let client: WarrenClient;

  beforeEach(() => {
    chat = new FakeChat();
    chat.addRoom();
  });

  afterEach(() => client.close());

  async function connect(options: Parameters<FakeChat['client']>[0] = {}): Promise<void> {
    client = await chat.client({ ...options, connect: false });
    void client.connect().catch(() => undefined);
    await settle();
    await settle();
  }

  const serverOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
  const tried = (): string[] => chat.sockets.all.map((socket) => serverOf(socket.url));

  for (const code of [1000, 1001, 1012, 4000]) {
    it(`reconnects at once after a clean close (${code})`, async () => {
      await connect();
      chat.socket.end(code);
      expect(client.connection.status).to.equal('connecting');
      await settle();
      await settle();
      expect(chat.sockets.all).to.have.length(2);
      expect(client.connection.status).to.equal('online');
    });
  }

  it('waits after a clean close that follows right after another one', async () => {
    await connect();
    chat.socket.end(1001);
    await settle();
    await settle();
    chat.socket.end(1001);
    expect(client.connection.status).to.equal('waiting');
  });

  it('does not go back to the server that said it is shutting down', async () => {
    await connect();
    chat.socket.end(4000);
    await settle();
    await settle();
    expect(tried()).to.deep.equal(['server1', 'server2']);
  });

  it('refreshes the token and reconnects after TOKEN_EXPIRED', async () => {
    await connect();
    chat.socket.end(4005);
    await settle();
    await settle();
    expect(chat.requestsTo('POST /v1/sessions/refresh')).to.have.length(1);
    expect(chat.socket.frames[0]).to.deep.include({ token: 'access-2' });
    expect(client.connection.status).to.equal('online');
  });

  it('waits when the token cannot be refreshed right now', async () => {
    await connect();
    chat.script('POST /v1/sessions/refresh', errorAnswer(503, 'UNAVAILABLE', { temporary: true }));
    chat.socket.end(4005);
    await settle();
    expect(client.connection.status).to.equal('waiting');
  });

  it('stops and tells when the session was revoked', async () => {
    await connect();
    const told: string[] = [];
    client.on('loggedOut', ({ error }) => told.push(error.code));
    chat.socket.end(4502);
    expect(client.connection).to.deep.equal({ status: 'stopped', reason: 'revoked', code: 4502 });
    expect(told).to.deep.equal(['SESSION_REVOKED']);
    expect(client.user).to.equal(undefined);
    await chat.clock.advance(60_000);
    expect(chat.sockets.all).to.have.length(1);
  });

  it('stops when the refresh token is refused', async () => {
    await connect();
    const told: string[] = [];
    client.on('loggedOut', ({ error }) => told.push(error.code));
    chat.script('POST /v1/sessions/refresh', errorAnswer(401, 'TOKEN_REUSED'));
    chat.socket.end(4005);
    await settle();
    expect(client.connection.status).to.equal('stopped');
    expect(told).to.deep.equal(['TOKEN_REUSED']);
  });

  it('renews a credential that the server cannot read once, and then stops', async () => {
    chat.greets = false;
    await connect();
    chat.socket.end(4500);
    await settle();
    await chat.clock.advance(300);
    expect(chat.requestsTo('POST /v1/sessions/refresh')).to.have.length(1);
    expect(chat.sockets.all).to.have.length(2);
    chat.socket.end(4500);
    expect(client.connection).to.deep.equal({ status: 'stopped', reason: 'unauthenticated', code: 4500 });
  });

  it('renews again when a credential was accepted in between', async () => {
    chat.random = 0.5;
    chat.greets = false;
    await connect();
    chat.socket.end(4500);
    chat.greets = true;
    await chat.clock.advance(300);
    await settle();
    expect(client.connection.status).to.equal('online');
    chat.greets = false;
    chat.socket.end(1006);
    await chat.clock.advance(300);
    await settle();
    chat.socket.end(4500);
    await settle();
    expect(chat.requestsTo('POST /v1/sessions/refresh')).to.have.length(2);
    expect(client.connection.status).not.to.equal('stopped');
  });

  for (const code of [4503, 4504, 4505, 4999]) {
    it(`stays away after close code ${code}`, async () => {
      await connect();
      chat.socket.end(code);
      await chat.clock.advance(60_000);
      expect(client.connection).to.deep.equal({ status: 'stopped', reason: 'refused', code });
      expect(chat.sockets.all).to.have.length(1);
    });
  }

  for (const code of [1006, 4001, 4002, 4003, 4004, 4006, 4007, 4499]) {
    it(`comes back after close code ${code}`, async () => {
      await connect();
      chat.socket.end(code);
      await chat.clock.advance(300);
      await settle();
      expect(client.connection.status).to.equal('online');
    });
  }
});
