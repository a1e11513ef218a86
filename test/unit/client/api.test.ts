import { expect } from 'chai';
import type { WarrenClient, WarrenError } from '../../../client/mod.js';
import { errorAnswer, FakeChat, ROOM } from '../../support/fake-chat.js';
import { settle } from '../../support/fake-clock.js';

describe('client: HTTP API', () => {
  let chat: FakeChat;
  let client: WarrenClient;

  beforeEach(async () => {
    chat = new FakeChat();
    chat.addRoom();
    client = await chat.client({ connect: false });
  });

  afterEach(() => client.close());

  const failure = (promise: Promise<unknown>): Promise<WarrenError> =>
    promise.then(
      () => expect.fail('it resolved'),
      (error: unknown) => error as WarrenError,
    );
  const busy = () => errorAnswer(503, 'UNAVAILABLE', { temporary: true });
  const route = `GET /v1/channels/${ROOM}`;

  it('sends the access token', async () => {
    await client.api.getChannel(ROOM);
    expect(chat.requestsTo(route)[0]?.token).to.equal('access-1');
  });

  it('leaves out what is undefined in a query', async () => {
    await client.api.listServers({ region: 'kr', prefer: undefined });
    expect(chat.requestsTo('GET /v1/servers')[0]?.query.toString()).to.equal('region=kr');
  });

  it('turns an error answer into a WarrenError with all its fields', async () => {
    chat.script(route, errorAnswer(409, 'CHANNEL_FULL', { details: { limit: 100 } }));
    const error = await failure(client.api.getChannel(ROOM));
    expect(error).to.deep.include({ code: 'CHANNEL_FULL', status: 409, temporary: false, details: { limit: 100 } });
  });

  it('calls an answer that is not ours BAD_ANSWER', async () => {
    chat.script(route, { status: 200, body: undefined }, { status: 418, body: 'teapot' });
    expect(await client.api.getChannel(ROOM)).to.equal(undefined);
    expect(await failure(client.api.getChannel(ROOM))).to.include({ code: 'BAD_ANSWER', status: 418 });
  });

  it('calls a failed fetch NETWORK, which is temporary', async () => {
    chat.script('POST /v1/groups', new TypeError('fetch failed'));
    const error = await failure(client.api.createGroup({ name: 'x', userIds: [] }));
    expect(error).to.include({ code: 'NETWORK', temporary: true });
    expect(error.cause).to.be.instanceOf(TypeError);
  });

  it('retries temporary errors of an idempotent call', async () => {
    chat.script(route, busy(), new TypeError('fetch failed'));
    const answer = client.api.getChannel(ROOM);
    await chat.clock.advance(1_000);
    expect((await answer).channel.id).to.equal(ROOM);
    expect(chat.requestsTo(route)).to.have.length(3);
  });

  it('retries at most three times, after 250 ms, 500 ms and 1 s at most', async () => {
    chat.random = 0.999_999;
    chat.script(route, busy(), busy(), busy(), busy(), busy());
    const answer = failure(client.api.getChannel(ROOM));
    const counts: number[] = [];
    for (const wait of [248, 1, 498, 1, 998, 1, 60_000]) {
      await chat.clock.advance(wait);
      await settle();
      counts.push(chat.requestsTo(route).length);
    }
    expect(counts).to.deep.equal([1, 2, 2, 3, 3, 4, 4]);
    expect((await answer).code).to.equal('UNAVAILABLE');
  });

  it('waits as long as the server says', async () => {
    chat.script(route, errorAnswer(429, 'RATE_LIMITED', { temporary: true, details: { retryAfterMs: 2_000 } }));
    void client.api.getChannel(ROOM);
    await chat.clock.advance(1_999);
    expect(chat.requestsTo(route)).to.have.length(1);
    await chat.clock.advance(1);
    expect(chat.requestsTo(route)).to.have.length(2);
  });

  it('does not wait for a server that says to come back much later', async () => {
    chat.script(route, errorAnswer(429, 'RATE_LIMITED', { temporary: true, details: { retryAfterMs: 60_000 } }));
    expect((await failure(client.api.getChannel(ROOM))).retryAfterMs).to.equal(60_000);
  });

  it('does not repeat a call that might do something twice', async () => {
    chat.script('POST /v1/groups', busy());
    expect((await failure(client.api.createGroup({ name: 'x', userIds: [] }))).code).to.equal('UNAVAILABLE');
    expect(chat.requestsTo('POST /v1/groups')).to.have.length(1);
  });

  it('gives up on an answer that does not come within 15 seconds', async () => {
    chat.script('POST /v1/groups', new Promise(() => undefined));
    const answer = failure(client.api.createGroup({ name: 'x', userIds: [] }));
    await chat.clock.advance(15_000);
    expect((await answer).code).to.equal('NETWORK');
  });

  it('refreshes an expired token once for all calls that need it, and repeats them', async () => {
    chat.script(route, errorAnswer(401, 'TOKEN_EXPIRED'), errorAnswer(401, 'TOKEN_EXPIRED'));
    const answers = await Promise.all([client.api.getChannel(ROOM), client.api.getChannel(ROOM)]);
    expect(answers.map(({ channel }) => channel.id)).to.deep.equal([ROOM, ROOM]);
    expect(chat.requestsTo('POST /v1/sessions/refresh')).to.have.length(1);
    expect(chat.requestsTo(route).map((request) => request.token)).to.deep.equal(['access-1', 'access-1', 'access-2', 'access-2']);
  });

  it('refreshes before the token expires', async () => {
    await chat.clock.advance(chat.accessTtlMs - 30_000);
    await client.api.getChannel(ROOM);
    expect(chat.requestsTo(route)[0]?.token).to.equal('access-2');
  });

  it('does not refresh before every call when its clock is far ahead', async () => {
    chat.accessTtlMs = -3_600_000;
    await client.logIn({ username: 'alice', password: 'secret-password' });
    await client.api.getChannel(ROOM);
    expect(chat.requestsTo('POST /v1/sessions/refresh')).to.have.length(0);
  });

  it('does not repeat a refresh: the token is used up', async () => {
    chat.script(route, errorAnswer(401, 'TOKEN_EXPIRED'));
    chat.script('POST /v1/sessions/refresh', busy());
    expect((await failure(client.api.getChannel(ROOM))).code).to.equal('UNAVAILABLE');
    expect(chat.requestsTo('POST /v1/sessions/refresh')).to.have.length(1);
    expect(client.user?.username).to.equal('alice');
  });

  it('tells that this device was logged out when the API says so', async () => {
    const told: string[] = [];
    client.on('loggedOut', ({ error }) => told.push(error.code));
    chat.script(route, errorAnswer(401, 'SESSION_REVOKED'));
    expect((await failure(client.api.getChannel(ROOM))).code).to.equal('SESSION_REVOKED');
    expect(told).to.deep.equal(['SESSION_REVOKED']);
    expect((await failure(client.api.getChannel(ROOM))).code).to.equal('NOT_LOGGED_IN');
  });

  it('rejects what is under way with CLOSED when the client is closed', async () => {
    chat.script(route, new Promise(() => undefined));
    const answer = failure(client.api.getChannel(ROOM));
    await settle();
    await client.close();
    expect((await answer).code).to.equal('CLOSED');
    expect((await failure(client.api.getChannel(ROOM))).code).to.equal('CLOSED');
  });
});
