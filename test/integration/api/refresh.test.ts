import { expect } from 'chai';
import type { SessionBody } from '../../../shared/protocol/http.js';
import { serverInfo } from '../../support/api-fakes.js';
import { ApiWorld } from '../../support/api-world.js';

describe('API: refresh tokens', () => {
  let world: ApiWorld;
  let session: SessionBody;
  beforeEach(async () => {
    world = await new ApiWorld().start();
    world.registry.servers = [serverInfo('server1')];
    session = await world.signUp('alice');
  });
  afterEach(() => world.stop());

  const refresh = (refreshToken: string) => world.ask<SessionBody>('POST', '/v1/sessions/refresh', { body: { refreshToken } });
  const outcome = (refreshToken: string) => world.outcome('POST', '/v1/sessions/refresh', { body: { refreshToken } });

  it('give new tokens to the same device', async () => {
    const { status, body } = await refresh(session.refreshToken);
    expect(status).to.equal(200);
    expect(body).to.include({ deviceId: session.deviceId });
    expect(body.refreshToken).to.not.equal(session.refreshToken);
    expect(await world.outcome('GET', '/v1/me', { token: body.accessToken })).to.equal('200');
  });

  it('work in a chain', async () => {
    const next = (await refresh(session.refreshToken)).body;
    expect(await outcome(next.refreshToken)).to.equal('200');
  });

  it('used twice log the device out: its tokens, its sessions and its newer refresh token', async () => {
    const thief = (await refresh(session.refreshToken)).body;
    expect(await outcome(session.refreshToken)).to.equal('401 TOKEN_REUSED');
    expect(await outcome(thief.refreshToken)).to.equal('401 TOKEN_INVALID');
    expect(await world.outcome('GET', '/v1/me', { token: thief.accessToken })).to.equal('401 SESSION_REVOKED');
    expect(world.bus.messages[0]).to.deep.include({ type: 'revoke', deviceIds: [session.deviceId] });
  });

  it('used twice are told so even while the bus is away', async () => {
    await refresh(session.refreshToken);
    world.bus.away = true;
    expect(await outcome(session.refreshToken)).to.equal('401 TOKEN_REUSED');
  });

  it('used twice leave the other devices alone', async () => {
    const other = await world.logIn('alice');
    await refresh(session.refreshToken);
    await refresh(session.refreshToken);
    expect(await outcome(other.refreshToken)).to.equal('200');
  });

  it('expire', async () => {
    world.clock.ms += 2_592_000_001;
    expect(await outcome(session.refreshToken)).to.equal('401 TOKEN_INVALID');
  });

  it('that nobody issued are refused', async () => {
    expect(await outcome('made-up')).to.equal('401 TOKEN_INVALID');
  });

  it('are not access tokens', async () => {
    expect(await world.outcome('GET', '/v1/me', { token: session.refreshToken })).to.equal('401 TOKEN_INVALID');
  });
});
