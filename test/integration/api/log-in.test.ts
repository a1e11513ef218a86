import { expect } from 'chai';
import type { DevicesBody, SessionBody, TicketBody, UserBody } from '../../../shared/protocol/http.js';
import { serverInfo } from '../../support/api-fakes.js';
import { ApiWorld } from '../../support/api-world.js';

describe('API: accounts and log-in', () => {
  let world: ApiWorld;
  beforeEach(async () => (world = await new ApiWorld().start()));
  afterEach(() => world.stop());

  it('signs up, with the user name folded and defaults filled in', async () => {
    const body = { username: '  Alice ', password: 'correct horse' };
    const answer = await world.ask<UserBody>('POST', '/v1/users', { body });
    expect(answer.status).to.equal(201);
    expect(answer.body.user).to.include({ username: 'alice', displayName: 'alice', locale: 'en' });
  });

  it('refuses a user name that is taken, and names the field', async () => {
    await world.signUp('alice');
    const body = { username: 'ALICE', password: 'another horse' };
    const answer = await world.ask('POST', '/v1/users', { body });
    expect(answer.status).to.equal(409);
    expect(answer.body).to.have.nested.property('error.code', 'USERNAME_TAKEN');
    expect(answer.body).to.have.nested.property('error.field', 'username');
  });

  it('refuses a user name that means a group of people in a mention', async () => {
    expect(await world.outcome('POST', '/v1/users', { body: { username: 'here', password: 'correct horse' } })).to.equal(
      '409 USERNAME_TAKEN',
    );
  });

  it('logs in with tokens that say when they expire', async () => {
    const session = await world.signUp('alice');
    expect(Date.parse(session.accessExpiresAt) - world.clock.ms).to.equal(900_000);
    expect(Date.parse(session.refreshExpiresAt) - world.clock.ms).to.equal(2_592_000_000);
    expect(await world.outcome('GET', '/v1/me', { token: session.accessToken })).to.equal('200');
  });

  it('answers a wrong name and a wrong password alike, after the same work', async () => {
    await world.signUp('alice');
    const wrongPassword = await world.ask('POST', '/v1/sessions', { body: { username: 'alice', password: 'wrong' } });
    const wrongName = await world.ask('POST', '/v1/sessions', { body: { username: 'nobody', password: 'wrong' } });
    const withoutId = ({ body }: { body: unknown }) => ({ ...(body as { error: object }).error, requestId: '' });
    expect(wrongName.status).to.equal(401);
    expect(withoutId(wrongName)).to.deep.equal(withoutId(wrongPassword));
    expect(world.passwords.verified.slice(-2)).to.deep.equal(['hash of correct horse', undefined]);
  });

  it('logs in without any chat server', async () => {
    expect((await world.signUp('alice')).servers).to.deep.equal([]);
  });

  it('logs in while the server registry is away', async () => {
    world.registry.away = true;
    expect((await world.signUp('alice')).servers).to.deep.equal([]);
  });

  it('sends users who log in one after the other to different servers', async () => {
    world.registry.servers = [serverInfo('server1'), serverInfo('server2'), serverInfo('server3')];
    const sessions = [await world.signUp('alice'), await world.signUp('bob'), await world.signUp('carol')];
    expect(new Set(sessions.map((session) => session.servers[0]?.serverId)).size).to.equal(3);
    expect(sessions[0]?.servers).to.have.length(3);
  });

  it('stays with the server that the device used last', async () => {
    world.registry.servers = [serverInfo('server1'), serverInfo('server2', { connections: 500 })];
    await world.signUp('alice');
    const session = await world.logIn('alice', { preferServer: 'server2' });
    expect(session.servers.map((server) => server.serverId)).to.deep.equal(['server2', 'server1']);
  });

  it('lists the devices, the current one marked', async () => {
    await world.signUp('alice');
    const phone = await world.logIn('alice', { deviceName: 'phone' });
    const { body } = await world.ask<DevicesBody>('GET', '/v1/sessions', { token: phone.accessToken });
    expect(body.devices).to.have.length(2);
    expect(body.devices.filter((device) => device.current)).to.have.nested.property('0.name', 'phone');
  });

  it('issues a ticket for the device, once per request', async () => {
    const session = await world.signUp('alice');
    const first = await world.ask<TicketBody>('POST', '/v1/tickets', { token: session.accessToken });
    const second = await world.ask<TicketBody>('POST', '/v1/tickets', { token: session.accessToken });
    expect(first.status).to.equal(201);
    expect(first.body.ticket).to.not.equal(second.body.ticket);
    expect(world.tickets.issued.get(first.body.ticket)).to.deep.equal({
      userId: session.user.id,
      deviceId: session.deviceId,
      ttlMs: 30_000,
    });
  });

  it('revokes the devices that a log-in crowds out', async () => {
    const first = await world.signUp('alice');
    for (let i = 0; i < 50; i++) await world.logIn('alice');
    expect(world.tickets.revoked.has(first.deviceId)).to.equal(true);
    expect(await world.outcome('GET', '/v1/me', { token: first.accessToken })).to.equal('401 SESSION_REVOKED');
  });

  it('shows and changes the profile', async () => {
    const { accessToken: token } = await world.signUp('alice');
    const changed = await world.ask<UserBody>('PATCH', '/v1/me', { token, body: { displayName: '앨리스', locale: 'ko' } });
    expect(changed.body.user).to.include({ displayName: '앨리스', locale: 'ko' });
    expect((await world.ask<UserBody>('GET', '/v1/me', { token })).body).to.deep.equal(changed.body);
  });

  it('answers with the servers for a reconnect, or NO_SERVER', async () => {
    const { accessToken: token } = await world.signUp('alice');
    expect(await world.outcome('GET', '/v1/servers', { token })).to.equal('503 NO_SERVER');
    world.registry.servers = [serverInfo('server1'), serverInfo('far', { region: 'eu', connections: 9 })];
    const { body } = await world.ask<Pick<SessionBody, 'servers'>>('GET', '/v1/servers?region=eu', { token });
    expect(body.servers[0]).to.deep.equal({ serverId: 'far', url: 'ws://chat.test/ws?server=far', region: 'eu' });
  });

  it('never answers with or logs a password, a hash or a token', async () => {
    const session = await world.signUp('alice');
    await world.ask('POST', '/v1/sessions', { body: { username: 'alice', password: 'a wrong secret' } });
    await world.ask('GET', '/v1/users?query=ali', { token: session.accessToken });
    const written = JSON.stringify(world.logger.lines);
    for (const secret of ['correct horse', 'a wrong secret', session.accessToken, session.refreshToken])
      expect(written).to.not.include(secret);
  });
});
