import { expect } from 'chai';
import type { SessionBody, TeamBody, TeamListBody, TeamMembersBody } from '../../../shared/protocol/http.js';
import { ApiWorld } from '../../support/api-world.js';

const NAMES = ['olivia', 'adam', 'mia', 'gus', 'stranger'] as const;
type Name = (typeof NAMES)[number];

describe('API: teams', () => {
  let world: ApiWorld;
  let who: Record<Name, SessionBody>;
  let team: string;
  beforeEach(async () => {
    world = await new ApiWorld().start();
    const sessions = [];
    for (const name of NAMES) sessions.push([name, await world.signUp(name)] as const);
    who = Object.fromEntries(sessions) as Record<Name, SessionBody>;
    const created = await world.ask<TeamBody>('POST', '/v1/teams', { token: who.olivia.accessToken, body: { name: 'Acme', slug: 'acme' } });
    team = `/v1/teams/${created.body.team.id}`;
    await put('olivia', 'adam', 'admin');
    await put('olivia', 'mia', 'member');
    await put('olivia', 'gus', 'guest');
  });
  afterEach(() => world.stop());

  const put = (actor: Name, target: Name, role: string) =>
    world.outcome('PUT', `${team}/members/${who[target].user.id}`, { token: who[actor].accessToken, body: { role } });
  const remove = (actor: Name, target: Name) =>
    world.outcome('DELETE', `${team}/members/${who[target].user.id}`, { token: who[actor].accessToken });
  const roles = async () => {
    const { body } = await world.ask<TeamMembersBody>('GET', `${team}/members`, { token: who.olivia.accessToken });
    return Object.fromEntries(
      body.members.map((member) => [NAMES.find((name) => who[name].user.id === member.userId) ?? '?', member.role]),
    );
  };

  it('are created with the caller as owner, and listed with the caller’s role', async () => {
    const { body } = await world.ask<TeamListBody>('GET', '/v1/teams', { token: who.mia.accessToken });
    expect(body.teams).to.have.length(1);
    expect(body.teams[0]).to.include({ name: 'Acme', slug: 'acme', role: 'member', createdBy: who.olivia.user.id });
    expect(await roles()).to.deep.equal({ olivia: 'owner', adam: 'admin', mia: 'member', gus: 'guest' });
  });

  it('refuse a slug that is taken', async () => {
    const answer = await world.ask('POST', '/v1/teams', { token: who.mia.accessToken, body: { name: 'Other', slug: 'ACME' } });
    expect(answer.body).to.have.nested.property('error.code', 'CONFLICT');
    expect(answer.body).to.have.nested.property('error.field', 'slug');
  });

  it('do not exist for strangers', async () => {
    const { accessToken: token } = who.stranger;
    expect(await world.outcome('GET', team, { token })).to.equal('404 NOT_FOUND');
    expect(await world.outcome('GET', `${team}/members`, { token })).to.equal('404 NOT_FOUND');
    expect(await world.outcome('GET', `${team}/channels`, { token })).to.equal('404 NOT_FOUND');
    expect(await world.outcome('POST', `${team}/channels`, { token, body: { kind: 'public', name: 'x' } })).to.equal('404 NOT_FOUND');
    expect(await put('stranger', 'stranger', 'member')).to.equal('404 NOT_FOUND');
    expect(await remove('stranger', 'mia')).to.equal('404 NOT_FOUND');
  });

  it('do not list their members to guests', async () => {
    expect(await world.outcome('GET', `${team}/members`, { token: who.gus.accessToken })).to.equal('403 FORBIDDEN');
  });

  it('page their members', async () => {
    const { accessToken: token } = who.mia;
    const first = (await world.ask<TeamMembersBody>('GET', `${team}/members?limit=3`, { token })).body;
    const rest = (await world.ask<TeamMembersBody>('GET', `${team}/members?limit=3&after=${first.next ?? ''}`, { token })).body;
    expect([first.members.length, rest.members.length, rest.next]).to.deep.equal([3, 1, null]);
  });

  const refusedChanges: readonly (readonly [actor: Name, target: Name, role: string])[] = [
    ['adam', 'olivia', 'member'],
    ['adam', 'mia', 'admin'],
    ['adam', 'adam', 'owner'],
    ['mia', 'gus', 'member'],
    ['mia', 'mia', 'admin'],
    ['gus', 'gus', 'member'],
    ['mia', 'stranger', 'guest'],
  ];
  for (const [actor, target, role] of refusedChanges) {
    it(`do not let ${actor} make ${target} ${role}`, async () => {
      const before = await roles();
      expect(await put(actor, target, role)).to.equal('403 FORBIDDEN');
      expect(await roles()).to.deep.equal(before);
    });
  }

  const allowedChanges: readonly (readonly [actor: Name, target: Name, role: string])[] = [
    ['olivia', 'mia', 'owner'],
    ['olivia', 'adam', 'guest'],
    ['adam', 'gus', 'member'],
    ['adam', 'stranger', 'guest'],
    ['adam', 'adam', 'member'],
  ];
  for (const [actor, target, role] of allowedChanges) {
    it(`let ${actor} make ${target} ${role}, and the same again`, async () => {
      expect(await put(actor, target, role)).to.equal('200');
      expect(await put('olivia', target, role)).to.equal('200');
      expect((await roles())[target]).to.equal(role);
    });
  }

  it('keep the time at which somebody joined when their role changes', async () => {
    const joined = async () => (await world.ask<TeamMembersBody>('GET', `${team}/members`, { token: who.olivia.accessToken })).body.members;
    const before = (await joined()).map((member) => member.joinedAt);
    world.clock.ms += 60_000;
    await put('olivia', 'mia', 'admin');
    expect((await joined()).map((member) => member.joinedAt)).to.deep.equal(before);
  });

  it('refuse a user who does not exist', async () => {
    const path = `${team}/members/0000000000000`;
    expect(await world.outcome('PUT', path, { token: who.olivia.accessToken, body: { role: 'member' } })).to.equal('404 NOT_FOUND');
  });

  it('keep their last owner', async () => {
    expect(await put('olivia', 'olivia', 'member')).to.equal('403 FORBIDDEN');
    expect(await remove('olivia', 'olivia')).to.equal('403 FORBIDDEN');
    expect((await roles())['olivia']).to.equal('owner');
  });

  it('let an owner go once there is another', async () => {
    await put('olivia', 'mia', 'owner');
    expect(await remove('mia', 'olivia')).to.equal('204');
    expect(await put('mia', 'mia', 'member')).to.equal('403 FORBIDDEN');
  });

  it('let admins remove members and guests, not owners or each other', async () => {
    await put('olivia', 'stranger', 'admin');
    expect(await remove('adam', 'stranger')).to.equal('403 FORBIDDEN');
    expect(await remove('adam', 'olivia')).to.equal('403 FORBIDDEN');
    expect(await remove('mia', 'gus')).to.equal('403 FORBIDDEN');
    expect(await remove('adam', 'gus')).to.equal('204');
    expect(await remove('adam', 'gus')).to.equal('204');
    expect(await world.outcome('GET', team, { token: who.gus.accessToken })).to.equal('404 NOT_FOUND');
  });

  it('let anybody else leave', async () => {
    expect(await remove('mia', 'mia')).to.equal('204');
    expect(await world.outcome('GET', team, { token: who.mia.accessToken })).to.equal('404 NOT_FOUND');
  });
});
