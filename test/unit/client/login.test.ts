import { expect } from 'chai';
import { createMemoryStorage, type WarrenClient, type WarrenError } from '../../../client/mod.js';
import type { UserId } from '../../../shared/domain/ids.js';
import { errorAnswer, FakeChat, keptIn, ROOM } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';

describe('client: login', () => {
  let chat: FakeChat;
  const clients: WarrenClient[] = [];

  beforeEach(() => {
    chat = new FakeChat();
    chat.addRoom();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });

  async function start(options: Parameters<FakeChat['client']>[0] = {}): Promise<WarrenClient> {
    const client = await chat.client(options);
    clients.push(client);
    return client;
  }

  const codeOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'resolved',
      (error: unknown) => (error as WarrenError).code,
    );

  it('signs a user up and logs in', async () => {
    const client = await start({ login: false, deviceName: 'laptop', region: 'kr' });
    const user = await client.signUp({ username: 'alice', password: 'secret-password', displayName: 'Alice' });
    expect(user.username).to.equal('alice');
    expect(chat.requestsTo('POST /v1/users')[0]?.body).to.deep.equal({
      username: 'alice',
      password: 'secret-password',
      displayName: 'Alice',
    });
    expect(chat.requestsTo('POST /v1/sessions')[0]?.body).to.include({ username: 'alice', deviceName: 'laptop', region: 'kr' });
  });

  it('tells which field is wrong', async () => {
    const client = await start({ login: false });
    chat.script('POST /v1/users', errorAnswer(400, 'INVALID_INPUT', { field: 'password' }));
    const error = await client.signUp({ username: 'alice', password: 'x' }).catch((e: unknown) => e as WarrenError);
    expect(error).to.include({ code: 'INVALID_INPUT', status: 400, temporary: false, field: 'password' });
  });

  it('goes on with a kept session', async () => {
    const storage = createMemoryStorage();
    await start({ storage, connect: false });
    const again = await start({ storage, login: false });
    expect((await again.restore())?.id).to.equal(chat.user.id);
    await again.connect();
    expect(chat.requestsTo('POST /v1/sessions')).to.have.length(1);
  });

  it('restores nothing from an empty or broken storage', async () => {
    const storage = createMemoryStorage();
    const client = await start({ storage, login: false });
    expect(await client.restore()).to.equal(undefined);
    await storage.set('session', '{"user":');
    expect(await client.restore()).to.equal(undefined);
  });

  it('refreshes an old kept access token before it is used', async () => {
    const storage = createMemoryStorage();
    await start({ storage, connect: false });
    await chat.clock.advance(chat.accessTtlMs);
    const again = await start({ storage, login: false });
    await again.restore();
    await again.api.me().catch(() => undefined);
    expect(chat.requestsTo('GET /v1/me')[0]?.token).to.equal('access-2');
  });

  it('forgets everything of the user at log out', async () => {
    const storage = createMemoryStorage();
    const client = await start({ storage });
    chat.post();
    await settle();
    const waiting = client.send(ROOM, 'on its way');
    client.disconnect();
    await client.logOut();
    expect(chat.requestsTo('DELETE /v1/sessions/current')).to.have.length(1);
    expect([...(await keptIn(storage)).keys()]).to.deep.equal([]);
    expect(client.user).to.equal(undefined);
    expect(client.channels).to.deep.equal([]);
    expect(client.timeline(ROOM).messages).to.deep.equal([]);
    expect(await codeOf(waiting.acked)).to.equal('DISCARDED');
    expect(client.connection).to.include({ status: 'stopped', reason: 'logged-out' });
  });

  it('logs all devices out when asked to', async () => {
    const client = await start();
    await client.logOut('all-devices');
    expect(chat.requestsTo('DELETE /v1/sessions')).to.have.length(1);
  });

  it('forgets everything even if the server cannot be told', async () => {
    const storage = createMemoryStorage();
    const client = await start({ storage });
    chat.script('DELETE /v1/sessions/current', errorAnswer(403, 'FORBIDDEN'));
    expect(await codeOf(client.logOut())).to.equal('FORBIDDEN');
    expect([...(await keptIn(storage)).keys()]).to.deep.equal([]);
  });

  it('keeps cursors and unsent messages for the same user after the session was revoked', async () => {
    const storage = createMemoryStorage();
    const client = await start({ storage });
    chat.post();
    await chat.clock.advance(250);
    chat.acks = false;
    const { clientId } = client.send(ROOM, 'unsent');
    await settle();
    chat.socket.end(4502);
    await settle();
    const kept = await keptIn(storage);
    expect([kept.has('session'), kept.has(`cursor.${ROOM}`), kept.has(`outbox.${clientId}`)]).to.deep.equal([false, true, true]);
    chat.acks = true;
    await client.logIn({ username: 'alice', password: 'secret-password' });
    await client.connect();
    await settle();
    await settle();
    expect(chat.socket.sent('send').map((frame) => frame.clientId)).to.deep.equal([clientId]);
    expect(client.timeline(ROOM).messages.map((m) => m.status)).to.deep.equal(['sent', 'sent']);
  });

  it('resumes from the kept cursors when the same user logs in with a new life of the device', async () => {
    const storage = createMemoryStorage();
    const first = await start({ storage });
    const last = chat.post();
    await settle();
    chat.socket.end(4502);
    await first.close();
    await chat.clock.advance(3_600_000);
    await start({ storage });
    await settle();
    expect(chat.socket.sent('sync')[0]?.channels).to.deep.equal([{ channelId: ROOM, after: last.id }]);
  });

  it('keeps nothing of one user for another one', async () => {
    const storage = createMemoryStorage();
    const client = await start({ storage });
    chat.post({ content: 'secret' });
    await chat.clock.advance(250);
    chat.acks = false;
    client.send(ROOM, 'unsent');
    await settle();
    chat.socket.end(4502);
    chat.user = { ...chat.user, id: '0K3V000000009' as UserId, username: 'mallory' };
    await client.logIn({ username: 'mallory', password: 'secret-password' });
    expect(client.timeline(ROOM).messages).to.deep.equal([]);
    expect(client.unsent).to.equal(0);
    expect([...(await keptIn(storage)).keys()].filter((key) => /^(cursor|outbox)\./.test(key))).to.deep.equal([]);
  });

  it('names the server in use when it logs in again', async () => {
    const client = await start();
    await client.logIn({ username: 'alice', password: 'secret-password' });
    expect(chat.requestsTo('POST /v1/sessions')[1]?.body).to.include({ preferServer: 'server1' });
  });

  it('reports a storage that cannot be written, and goes on', async () => {
    const storage = { ...createMemoryStorage(), set: () => Promise.reject(new Error('disk full')) };
    const client = await start({ storage, login: false });
    const errors: string[] = [];
    client.on('error', ({ during }) => errors.push(during));
    await client.logIn({ username: 'alice', password: 'secret-password' });
    await settle();
    expect(new Set(errors)).to.deep.equal(new Set(['storage']));
    expect(client.user?.username).to.equal('alice');
  });
});
