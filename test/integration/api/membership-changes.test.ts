import { expect } from 'chai';
import type { ChannelBody, SessionBody, TeamBody } from '../../../shared/protocol/http.js';
import { ApiWorld } from '../../support/api-world.js';

describe('API: changes of members', () => {
  let world: ApiWorld;
  let olivia: SessionBody;
  let mia: SessionBody;
  let max: SessionBody;
  let team: string;
  let channel: string;
  let channelId: string;
  beforeEach(async () => {
    world = await new ApiWorld().start();
    olivia = await world.signUp('olivia');
    mia = await world.signUp('mia');
    max = await world.signUp('max');
    const created = await world.ask<TeamBody>('POST', '/v1/teams', as(olivia, { name: 'Acme', slug: 'acme' }));
    team = `/v1/teams/${created.body.team.id}`;
    for (const { user } of [mia, max]) await world.ask('PUT', `${team}/members/${user.id}`, as(olivia, { role: 'member' }));
    const body = { kind: 'public', name: 'general', userIds: [mia.user.id] };
    channelId = (await world.ask<ChannelBody>('POST', `${team}/channels`, as(olivia, body))).body.channel.id;
    channel = `/v1/channels/${channelId}`;
    world.announcer.sent.length = 0;
    world.invalidations.keys.length = 0;
  });
  afterEach(() => world.stop());

  const as = (session: SessionBody, body?: unknown) => ({ token: session.accessToken, body });
  const told = () => [olivia, mia, max].map((session) => world.announcer.toldTo(session.user.id));
  const isMember = async (session: SessionBody) =>
    (await world.channels.members(channelId as never)).some((member) => member.userId === session.user.id);

  /** Each changes the members of the channel; `outcome` is the answer when all goes well. */
  const changes = {
    join: { ask: () => world.outcome('POST', `${channel}/join`, as(max)), outcome: '200', told: [['members'], ['members'], ['joined']] },
    add: {
      ask: () => world.outcome('POST', `${channel}/members`, as(mia, { userIds: [max.user.id] })),
      outcome: '200',
      told: [['members'], ['members'], ['joined']],
    },
    leave: { ask: () => world.outcome('POST', `${channel}/leave`, as(mia)), outcome: '204', told: [['members'], ['left'], []] },
    remove: {
      ask: () => world.outcome('DELETE', `${channel}/members/${mia.user.id}`, as(olivia)),
      outcome: '204',
      told: [['members'], ['left'], []],
    },
  };

  for (const [name, change] of Object.entries(changes)) {
    it(`by ${name} are in the invalidation log before the answer`, async () => {
      expect(await change.ask()).to.equal(change.outcome);
      expect(world.invalidations.keys).to.deep.equal([`channel:${channelId}`]);
    });

    it(`by ${name} are told to those concerned`, async () => {
      await change.ask();
      expect(told()).to.deep.equal(change.told);
    });

    it(`by ${name} are answered with a temporary error while the log is away, and repeating repairs it`, async () => {
      world.invalidations.away = true;
      expect(await change.ask()).to.equal('503 UNAVAILABLE');
      world.invalidations.away = false;
      expect(await change.ask()).to.equal(change.outcome);
      expect(world.invalidations.keys).to.deep.equal([`channel:${channelId}`]);
    });

    it(`by ${name} succeed although nobody can be told`, async () => {
      world.announcer.away = true;
      expect(await change.ask()).to.equal(change.outcome);
    });
  }

  it('carry the channel to those who are new in it', async () => {
    await changes.join.ask();
    const frame = world.announcer.sent.find((sent) => sent.frame.action === 'joined')?.frame;
    expect(frame).to.deep.include({ type: 'channel', channelId });
    expect(frame?.channel).to.include({ id: channelId, name: 'general' });
  });

  it('by leaving the team take the user out of its channels, and are in the log after that', async () => {
    const record = world.invalidations.record.bind(world.invalidations);
    const memberWhenRecorded: boolean[] = [];
    world.invalidations.record = async (keys) => {
      if (keys.includes(`channel:${channelId}`)) memberWhenRecorded.push(await isMember(mia));
      await record(keys);
    };
    expect(await world.outcome('DELETE', `${team}/members/${mia.user.id}`, as(mia))).to.equal('204');
    expect(memberWhenRecorded).to.deep.equal([true, false]);
    expect(told()).to.deep.equal([['members'], ['left'], []]);
  });

  it('of a team are in the log after they were written, for whoever watches its presence', async () => {
    const teamId = team.slice('/v1/teams/'.length);
    const record = world.invalidations.record.bind(world.invalidations);
    const recorded: [string, string | undefined][] = [];
    world.invalidations.record = async (keys) => {
      const member = world.tables.teamMembers.get(teamId as never)?.get(max.user.id);
      for (const key of keys) recorded.push([key, member?.role]);
      await record(keys);
    };
    await world.outcome('PUT', `${team}/members/${max.user.id}`, as(olivia, { role: 'guest' }));
    await world.outcome('DELETE', `${team}/members/${max.user.id}`, as(olivia));
    // Before the removal as well: where the log is away, nobody is removed.
    expect(recorded.filter(([key]) => key === `team:${teamId}`).map(([, role]) => role)).to.deep.equal(['guest', 'guest', undefined]);
  });

  it('by leaving the team do not begin while the log is away', async () => {
    world.invalidations.away = true;
    expect(await world.outcome('DELETE', `${team}/members/${mia.user.id}`, as(olivia))).to.equal('503 UNAVAILABLE');
    expect(await isMember(mia)).to.equal(true);
  });

  it('of name and topic are told to all members', async () => {
    await world.ask('PATCH', channel, as(olivia, { topic: 'new' }));
    expect(told()).to.deep.equal([['updated'], ['updated'], []]);
  });

  it('by new conversations are told to everybody in them', async () => {
    await world.ask('POST', '/v1/dms', as(mia, { userId: max.user.id }));
    await world.ask('POST', '/v1/dms', as(max, { userId: mia.user.id }));
    await world.ask('POST', '/v1/groups', as(olivia, { name: 'all', userIds: [mia.user.id, max.user.id] }));
    expect(told()).to.deep.equal([['joined'], ['joined', 'joined'], ['joined', 'joined']]);
  });
});
