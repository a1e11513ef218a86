import { expect } from 'chai';
import type { ServerId } from '../../../shared/domain/ids.js';
import type { DevicesBody, SessionBody } from '../../../shared/protocol/http.js';
import { serverInfo } from '../../support/api-fakes.js';
import { ApiWorld } from '../../support/api-world.js';

describe('API: log-out', () => {
  let world: ApiWorld;
  let laptop: SessionBody;
  let phone: SessionBody;
  beforeEach(async () => {
    world = await new ApiWorld().start();
    world.registry.servers = [serverInfo('server1'), serverInfo('server2')];
    laptop = await world.signUp('alice');
    phone = await world.logIn('alice');
  });
  afterEach(() => world.stop());

  const me = (session: SessionBody) => world.outcome('GET', '/v1/me', { token: session.accessToken });
  const refresh = ({ refreshToken }: SessionBody) => world.outcome('POST', '/v1/sessions/refresh', { body: { refreshToken } });
  const logOut = (which: string, session: SessionBody) => world.outcome('DELETE', `/v1/sessions${which}`, { token: session.accessToken });

  it('here ends the access and the refresh token of this device only', async () => {
    expect(await logOut('/current', laptop)).to.equal('204');
    expect([await me(laptop), await refresh(laptop), await me(phone)]).to.deep.equal(['401 SESSION_REVOKED', '401 TOKEN_INVALID', '200']);
  });

  it('is answered after every live server was asked and has confirmed', async () => {
    await logOut('/current', laptop);
    expect(world.bus.messages[0]).to.deep.include({ type: 'revoke', deviceIds: [laptop.deviceId] });
    expect(world.confirmations.waits).to.deep.equal([['server1', 'server2']]);
  });

  it('of another device of mine leaves this one alone', async () => {
    expect(await logOut(`/${phone.deviceId}`, laptop)).to.equal('204');
    expect([await me(phone), await me(laptop)]).to.deep.equal(['401 SESSION_REVOKED', '200']);
  });

  it('of somebody else’s device is refused as if there were none', async () => {
    const bob = await world.signUp('bob');
    expect(await logOut(`/${laptop.deviceId}`, bob)).to.equal('404 NOT_FOUND');
    expect(await me(laptop)).to.equal('200');
  });

  it('everywhere ends every device, but not those of others', async () => {
    const bob = await world.signUp('bob');
    expect(await logOut('', phone)).to.equal('204');
    expect([await me(phone), await me(laptop), await me(bob)]).to.deep.equal(['401 SESSION_REVOKED', '401 SESSION_REVOKED', '200']);
    expect(await world.logIn('alice')).to.have.property('accessToken');
  });

  it('refuses a ticket to a device that is gone even when its revocation was forgotten', async () => {
    await logOut('/current', laptop);
    world.tickets.revoked.clear();
    expect(await world.outcome('POST', '/v1/tickets', { token: laptop.accessToken })).to.equal('401 SESSION_REVOKED');
  });

  it('holds while Redis is away: the database knows too', async () => {
    await logOut('/current', laptop);
    world.tickets.away = true;
    expect([await me(laptop), await me(phone)]).to.deep.equal(['401 SESSION_REVOKED', '200']);
  });

  for (const dependency of ['tickets', 'bus', 'registry'] as const) {
    it(`says so, and can be repeated, when the ${dependency} port is away`, async () => {
      world[dependency].away = true;
      expect(await logOut(`/${phone.deviceId}`, laptop)).to.equal('503 UNAVAILABLE');
      expect(await logOut('/current', laptop)).to.equal('503 UNAVAILABLE');
      world[dependency].away = false;
      expect(await logOut('/current', laptop)).to.equal('204');
      const { body } = await world.ask<DevicesBody>('GET', '/v1/sessions', { token: (await world.logIn('alice')).accessToken });
      expect(body.devices.map((device) => device.id)).to.not.include(laptop.deviceId);
    });
  }

  it('does not hide that a live server has not confirmed, though the tokens are dead', async () => {
    world.confirmations.silent.add('server2' as ServerId);
    expect(await logOut('/current', laptop)).to.equal('503 UNAVAILABLE');
    expect([await me(laptop), await refresh(laptop)]).to.deep.equal(['401 SESSION_REVOKED', '401 TOKEN_INVALID']);
    world.confirmations.silent.clear();
    expect(await logOut('/current', laptop)).to.equal('204');
  });
});
