import { expect } from 'chai';
import type { ChannelBody, ChannelListBody, MembersBody, SessionBody, TeamBody } from '../../../shared/protocol/http.js';
import { ApiWorld } from '../../support/api-world.js';

const NAMES = ['olivia', 'mia', 'max', 'gus', 'stranger'] as const;
type Name = (typeof NAMES)[number];

describe('API: channels', () => {
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
    for (const [name, role] of [
      ['mia', 'member'],
      ['max', 'member'],
      ['gus', 'guest'],
    ] as const) {
      await world.ask('PUT', `${team}/members/${who[name].user.id}`, { token: who.olivia.accessToken, body: { role } });
    }
  });
  afterEach(() => world.stop());

  const idOf = (name: Name) => who[name].user.id;
  const as = (name: Name, body?: unknown) => ({ token: who[name].accessToken, body });
  const create = async (name: Name, body: object) => {
    const answer = await world.ask<ChannelBody>('POST', `${team}/channels`, as(name, { kind: 'public', name: 'general', ...body }));
    return `/v1/channels/${answer.body.channel.id}`;
  };
  const group = async (name: Name, others: readonly Name[]) => {
    const answer = await world.ask<ChannelBody>('POST', '/v1/groups', as(name, { name: 'lunch', userIds: others.map(idOf) }));
    return `/v1/channels/${answer.body.channel.id}`;
  };
  const members = async (path: string, reader: Name) => {
    const { body } = await world.ask<MembersBody>('GET', `${path}/members`, as(reader));
    return body.members.map((member) => NAMES.find((name) => idOf(name) === member.userId)).sort();
  };

  it('of a team are created with their members', async () => {
    const path = await create('mia', { topic: 'hello', userIds: [idOf('max'), idOf('max'), idOf('mia')] });
    const { body } = await world.ask<ChannelBody>('GET', path, as('max'));
    expect(body.channel).to.include({ kind: 'public', name: 'general', topic: 'hello', createdBy: idOf('mia') });
    expect(await members(path, 'mia')).to.deep.equal(['max', 'mia']);
  });

  it('are not created by guests', async () => {
    expect(await world.outcome('POST', `${team}/channels`, as('gus', { kind: 'private', name: 'x' }))).to.equal('403 FORBIDDEN');
  });

  it('do not take people from outside the team, and name the one', async () => {
    const body = { kind: 'private', name: 'x', userIds: [idOf('mia'), idOf('stranger')] };
    const answer = await world.ask('POST', `${team}/channels`, as('olivia', body));
    expect(answer.body).to.have.nested.property('error.field', 'userIds.1');
  });

  it('take no more members than the limit, and then nobody', async () => {
    const userIds = NAMES.filter((name) => name !== 'olivia').map(idOf);
    const tooMany = [...userIds, '0000000000000'];
    expect(await world.outcome('POST', '/v1/groups', as('olivia', { name: 'x', userIds: tooMany }))).to.equal('409 CHANNEL_FULL');
    const path = await group('olivia', ['mia', 'max', 'gus']);
    const extra = await world.signUp('extra');
    const both = { userIds: [idOf('stranger'), extra.user.id] };
    expect(await world.outcome('POST', `${path}/members`, as('olivia', both))).to.equal('409 CHANNEL_FULL');
    expect(await members(path, 'olivia')).to.have.length(4);
    expect(await world.outcome('POST', `${path}/members`, as('olivia', { userIds: [idOf('stranger')] }))).to.equal('200');
  });

  it('that are public are listed to the team, a page by name, joined or not', async () => {
    for (const name of ['beta', 'alpha', 'gamma']) await create('mia', { name });
    await create('mia', { kind: 'private', name: 'secret' });
    const first = (await world.ask<ChannelListBody>('GET', `${team}/channels?limit=2`, as('max'))).body;
    const rest = (await world.ask<ChannelListBody>('GET', `${team}/channels?limit=2&cursor=${first.next ?? ''}`, as('max'))).body;
    expect([...first.channels, ...rest.channels].map((channel) => channel.name)).to.deep.equal(['alpha', 'beta', 'gamma']);
    expect(rest.next).to.equal(null);
  });

  it('are listed to guests only where they are in', async () => {
    const path = await create('mia', { name: 'open', userIds: [idOf('gus')] });
    await create('mia', { name: 'other' });
    const { body } = await world.ask<ChannelListBody>('GET', `${team}/channels`, as('gus'));
    expect(body.channels.map((channel) => `/v1/channels/${channel.id}`)).to.deep.equal([path]);
  });

  it('that are public let the team in, not guests and strangers', async () => {
    const path = await create('mia', {});
    expect(await world.outcome('POST', `${path}/join`, as('max'))).to.equal('200');
    expect(await world.outcome('POST', `${path}/join`, as('max'))).to.equal('200');
    expect(await world.outcome('POST', `${path}/join`, as('gus'))).to.equal('404 NOT_FOUND');
    expect(await world.outcome('POST', `${path}/join`, as('stranger'))).to.equal('404 NOT_FOUND');
    expect(await members(path, 'mia')).to.deep.equal(['max', 'mia']);
  });

  it('that are private can neither be seen nor joined, not even by the team’s owner', async () => {
    const path = await create('mia', { kind: 'private' });
    for (const name of ['olivia', 'gus', 'stranger'] as const) {
      expect(await world.outcome('GET', path, as(name))).to.equal('404 NOT_FOUND');
      expect(await world.outcome('POST', `${path}/join`, as(name))).to.equal('404 NOT_FOUND');
    }
  });

  it('let members bring others, but not guests', async () => {
    const path = await create('mia', { kind: 'private', userIds: [idOf('gus')] });
    expect(await world.outcome('POST', `${path}/members`, as('gus', { userIds: [idOf('max')] }))).to.equal('403 FORBIDDEN');
    expect(await world.outcome('POST', `${path}/members`, as('mia', { userIds: [idOf('stranger')] }))).to.equal('400 INVALID_INPUT');
    expect(await world.outcome('POST', `${path}/members`, as('mia', { userIds: [idOf('max')] }))).to.equal('200');
    expect(await members(path, 'max')).to.deep.equal(['gus', 'max', 'mia']);
  });

  it('let their owner and the team’s staff remove others, nobody else', async () => {
    const path = await create('mia', { userIds: [idOf('max'), idOf('gus'), idOf('olivia')] });
    expect(await world.outcome('DELETE', `${path}/members/${idOf('gus')}`, as('max'))).to.equal('403 FORBIDDEN');
    expect(await world.outcome('DELETE', `${path}/members/${idOf('gus')}`, as('olivia'))).to.equal('204');
    expect(await world.outcome('DELETE', `${path}/members/${idOf('max')}`, as('mia'))).to.equal('204');
    expect(await members(path, 'mia')).to.deep.equal(['mia', 'olivia']);
  });

  it('can be left, once more without an error, and without telling whether they exist', async () => {
    const path = await create('mia', { kind: 'private', userIds: [idOf('max')] });
    expect(await world.outcome('POST', `${path}/leave`, as('max'))).to.equal('204');
    expect(await world.outcome('DELETE', `${path}/members/${idOf('max')}`, as('max'))).to.equal('204');
    expect(await world.outcome('POST', `${path}/leave`, as('stranger'))).to.equal('204');
    expect(await world.outcome('POST', '/v1/channels/0000000000000/leave', as('stranger'))).to.equal('204');
    expect(await world.outcome('GET', path, as('max'))).to.equal('404 NOT_FOUND');
  });

  it('let every member set the topic, and only managers the name', async () => {
    const path = await create('mia', { userIds: [idOf('max'), idOf('gus'), idOf('olivia')] });
    expect(await world.outcome('PATCH', path, as('max', { topic: 'new' }))).to.equal('200');
    expect(await world.outcome('PATCH', path, as('max', { name: 'mine' }))).to.equal('403 FORBIDDEN');
    expect(await world.outcome('PATCH', path, as('gus', { topic: 'guest' }))).to.equal('403 FORBIDDEN');
    expect(await world.outcome('PATCH', path, as('olivia', { name: 'renamed' }))).to.equal('200');
    expect((await world.ask<ChannelBody>('GET', path, as('mia'))).body.channel).to.include({ name: 'renamed', topic: 'new' });
  });

  it('refuse a name that is taken, and name the field', async () => {
    await create('mia', { name: 'alpha' });
    const answer = await world.ask('POST', `${team}/channels`, as('max', { kind: 'public', name: 'Alpha' }));
    expect(answer.body).to.deep.nested.include({ 'error.code': 'CONFLICT', 'error.field': 'name' });
  });

  it('of one’s own are listed newest first, a dm with its other half', async () => {
    await create('mia', { kind: 'private' });
    await world.ask('POST', '/v1/dms', as('mia', { userId: idOf('stranger') }));
    const { body } = await world.ask<ChannelListBody>('GET', '/v1/channels', as('mia'));
    expect(body.channels.map((channel) => [channel.kind, channel.peerId])).to.deep.equal([
      ['dm', idOf('stranger')],
      ['private', null],
    ]);
  });

  describe('between two', () => {
    const dm = (name: Name, peer: Name) => world.ask<ChannelBody>('POST', '/v1/dms', as(name, { userId: idOf(peer) }));

    it('are one per pair, whoever asks first', async () => {
      const first = await dm('mia', 'max');
      const second = await dm('max', 'mia');
      expect([first.status, second.status]).to.deep.equal([201, 200]);
      expect(second.body.channel.id).to.equal(first.body.channel.id);
      expect([first.body.channel.peerId, second.body.channel.peerId]).to.deep.equal([idOf('max'), idOf('mia')]);
    });

    it('are one when both ask at the same time', async () => {
      const both = await Promise.all([dm('mia', 'max'), dm('max', 'mia')]);
      expect(new Set(both.map((answer) => answer.body.channel.id)).size).to.equal(1);
    });

    it('exist with oneself, for notes', async () => {
      const first = await dm('mia', 'mia');
      expect(first.body.channel.peerId).to.equal(null);
      expect((await dm('mia', 'mia')).body.channel.id).to.equal(first.body.channel.id);
    });

    it('need somebody who exists', async () => {
      expect(await world.outcome('POST', '/v1/dms', as('mia', { userId: '0000000000000' }))).to.equal('400 INVALID_INPUT');
    });

    it('cannot be left, joined, renamed or extended', async () => {
      const path = `/v1/channels/${(await dm('mia', 'max')).body.channel.id}`;
      expect(await world.outcome('POST', `${path}/leave`, as('mia'))).to.equal('403 FORBIDDEN');
      expect(await world.outcome('DELETE', `${path}/members/${idOf('max')}`, as('mia'))).to.equal('403 FORBIDDEN');
      expect(await world.outcome('PATCH', path, as('mia', { topic: 'x' }))).to.equal('403 FORBIDDEN');
      expect(await world.outcome('POST', `${path}/members`, as('mia', { userIds: [idOf('gus')] }))).to.equal('403 FORBIDDEN');
      expect(await world.outcome('POST', `${path}/join`, as('gus'))).to.equal('404 NOT_FOUND');
      expect(await members(path, 'mia')).to.deep.equal(['max', 'mia']);
    });
  });

  describe('that are groups', () => {
    it('need somebody else', async () => {
      const answer = await world.ask('POST', '/v1/groups', as('mia', { name: 'x', userIds: [idOf('mia')] }));
      expect(answer.body).to.deep.nested.include({ 'error.code': 'INVALID_INPUT', 'error.field': 'userIds' });
    });

    it('are changed by anybody once their owner has left', async () => {
      const path = await group('mia', ['max', 'stranger']);
      expect(await world.outcome('DELETE', `${path}/members/${idOf('stranger')}`, as('max'))).to.equal('403 FORBIDDEN');
      await world.ask('POST', `${path}/leave`, as('mia'));
      expect(await world.outcome('DELETE', `${path}/members/${idOf('stranger')}`, as('max'))).to.equal('204');
    });
  });
});
