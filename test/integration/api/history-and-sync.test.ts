import { expect } from 'chai';
import type { ChannelBody, SessionBody, SyncBody, TeamBody } from '../../../shared/protocol/http.js';
import { ApiWorld } from '../../support/api-world.js';

const ID = '0K3WPX1ZC8R0A';

describe('API: history and sync', () => {
  let world: ApiWorld;
  let alice: SessionBody;
  let bob: SessionBody;
  let channelId: string;
  beforeEach(async () => {
    world = await new ApiWorld().start();
    alice = await world.signUp('alice');
    bob = await world.signUp('bob');
    const opened = await world.ask<ChannelBody>('POST', '/v1/dms', { token: alice.accessToken, body: { userId: bob.user.id } });
    channelId = opened.body.channel.id;
  });
  afterEach(() => world.stop());

  const history = (query: string) => world.outcome('GET', `/v1/channels/${channelId}/messages${query}`, { token: alice.accessToken });
  const sync = (body: unknown) => world.ask<SyncBody>('POST', '/v1/sync', { token: alice.accessToken, body });

  const queries = {
    '': { limit: 50 },
    [`?before=${ID}&limit=7`]: { before: ID, limit: 7 },
    '?after=': { after: '', limit: 50 },
    [`?around=${ID}`]: { around: ID, limit: 50 },
  };
  for (const [query, asked] of Object.entries(queries)) {
    it(`reads a page for "${query}"`, async () => {
      expect(await history(query)).to.equal('200');
      expect(world.timeline.pages).to.deep.equal([{ channelId, query: asked }]);
    });
  }

  for (const query of ['?limit=0', '?limit=201', '?limit=x', '?limit=1&limit=2', '?before=abc', `?before=${ID}&around=${ID}`]) {
    it(`refuses "${query}"`, async () => {
      expect(await history(query)).to.equal('400 INVALID_INPUT');
      expect(world.timeline.pages).to.deep.equal([]);
    });
  }

  it('answers with messages as the timeline has them', async () => {
    const message = {
      id: ID,
      prev: '',
      updatedId: ID,
      channelId,
      senderId: bob.user.id,
      clientId: 'c1',
      createdAt: '2026-11-18T10:30:00.123Z',
      content: '안녕하세요!',
      mentions: [],
      edited: false,
      deleted: false,
      voided: false,
      reactions: [{ emoji: '👍', count: 1, users: [alice.user.id] }],
      attachments: [],
    };
    world.timeline.page = { messages: [message as never], more: { before: true, after: false } };
    const { body } = await world.ask('GET', `/v1/channels/${channelId}/messages`, { token: alice.accessToken });
    expect(body).to.deep.equal({ messages: [message], more: { before: true, after: false } });
  });

  it('says that it is temporary when messages cannot be read', async () => {
    world.timeline.away = true;
    expect(await history('')).to.equal('503 UNAVAILABLE');
  });

  it('syncs each channel after its own event, in the order asked', async () => {
    const group = await world.ask<ChannelBody>('POST', '/v1/groups', {
      token: alice.accessToken,
      body: { name: 'g', userIds: [bob.user.id] },
    });
    const channels = [
      { channelId: group.body.channel.id, after: ID, ids: [ID] },
      { channelId, after: '' },
    ];
    const { status, body } = await sync({ channels });
    expect(status).to.equal(200);
    expect(body.channels.map(({ channelId, cursor }) => ({ channelId, cursor }))).to.deep.equal(
      channels.map(({ channelId, after }) => ({ channelId, cursor: after })),
    );
    expect(world.timeline.syncs).to.deep.equal([channels]);
  });

  it('answers for a channel that may not be read with an error, and for the others as usual', async () => {
    const { team } = (await world.ask<TeamBody>('POST', '/v1/teams', { token: bob.accessToken, body: { name: 'T', slug: 'team' } })).body;
    await world.ask('PUT', `/v1/teams/${team.id}/members/${alice.user.id}`, { token: bob.accessToken, body: { role: 'member' } });
    const make = (kind: string) =>
      world.ask<ChannelBody>('POST', `/v1/teams/${team.id}/channels`, { token: bob.accessToken, body: { kind, name: kind } });
    const ids = [(await make('private')).body.channel.id, channelId, (await make('public')).body.channel.id, '0000000000000'];
    const { body } = await sync({ channels: ids.map((id) => ({ channelId: id, after: '' })) });
    expect(body.channels.map((channel) => channel.channelId)).to.deep.equal(ids);
    expect(body.channels.map((channel) => channel.error)).to.deep.equal(['NOT_FOUND', undefined, 'FORBIDDEN', 'NOT_FOUND']);
    expect(world.timeline.syncs.flat().map((ask) => ask.channelId)).to.deep.equal([channelId]);
  });

  it('refuses more channels than the limit, and none', async () => {
    const channels = Array.from({ length: 101 }, () => ({ channelId, after: '' }));
    expect((await sync({ channels })).status).to.equal(400);
    expect((await sync({ channels: [] })).status).to.equal(400);
  });

  it('takes the largest sync that the limits allow', async () => {
    const ids = Array.from({ length: 50 }, () => ID);
    const channels = Array.from({ length: 100 }, () => ({ channelId, after: ID, ids }));
    expect((await sync({ channels, limit: 200 })).status).to.equal(200);
  });
});
