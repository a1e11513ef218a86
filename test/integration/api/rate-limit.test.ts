import { expect } from 'chai';
import type { ErrorBody } from '../../../shared/protocol/http.js';
import { ApiWorld } from '../../support/api-world.js';

const body = { username: 'alice', password: 'correct horse' };
const from = (address: string) => ({ 'x-forwarded-for': address });

describe('API: rate limits', () => {
  let world: ApiWorld;
  beforeEach(async () => (world = await new ApiWorld().start()));
  afterEach(() => world.stop());

  it('say when to try again', async () => {
    world.rateLimits.signUp.points = 0;
    const answer = await world.ask<ErrorBody>('POST', '/v1/users', { body });
    expect(answer.status).to.equal(429);
    expect(answer.headers.get('retry-after')).to.equal('2');
    expect(answer.body.error).to.deep.include({ code: 'RATE_LIMITED', temporary: true, details: { retryAfterMs: 1_500 } });
  });

  it('count sign-ups per client address', async () => {
    world.rateLimits.signUp.points = 1;
    expect(await world.outcome('POST', '/v1/users', { body, headers: from('192.0.2.1') })).to.equal('201');
    expect(await world.outcome('POST', '/v1/users', { body, headers: from('192.0.2.1') })).to.equal('429 RATE_LIMITED');
    expect(await world.outcome('POST', '/v1/users', { body, headers: from('192.0.2.2') })).to.equal('409 USERNAME_TAKEN');
  });

  it('count log-ins per client address', async () => {
    await world.signUp('alice');
    world.rateLimits.logInPerAddress.points = 1;
    expect(await world.outcome('POST', '/v1/sessions', { body, headers: from('192.0.2.1') })).to.equal('201');
    expect(await world.outcome('POST', '/v1/sessions', { body, headers: from('192.0.2.1') })).to.equal('429 RATE_LIMITED');
    expect(await world.outcome('POST', '/v1/sessions', { body, headers: from('192.0.2.2') })).to.equal('201');
  });

  it('count log-ins per user name from all addresses, before the password is looked at', async () => {
    await world.signUp('alice');
    world.rateLimits.logInPerName.points = 1;
    expect(await world.outcome('POST', '/v1/sessions', { body, headers: from('192.0.2.1') })).to.equal('429 RATE_LIMITED');
    expect(await world.outcome('POST', '/v1/sessions', { body: { ...body, username: ' ALICE' }, headers: from('192.0.2.2') })).to.equal(
      '429 RATE_LIMITED',
    );
    expect(world.passwords.verified).to.have.length(1);
  });

  it('count everything else per user, wherever they call from', async () => {
    const alice = await world.signUp('alice');
    const bob = await world.signUp('bob');
    world.rateLimits.api.points = 1;
    const me = (token: string, address: string) => world.outcome('GET', '/v1/me', { token, headers: from(address) });
    expect(await me(alice.accessToken, '192.0.2.1')).to.equal('200');
    expect(await me(alice.accessToken, '192.0.2.2')).to.equal('429 RATE_LIMITED');
    expect(await me(bob.accessToken, '192.0.2.1')).to.equal('200');
  });

  it('do not stop health checks', async () => {
    world.rateLimits.api.points = 0;
    expect(await world.outcome('GET', '/healthz')).to.equal('200');
  });
});
