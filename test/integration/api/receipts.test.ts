import { expect } from 'chai';
import type { ChannelId, EventId } from '../../../shared/domain/ids.js';
import type { ChannelBody, ChannelListBody, ReceiptsBody, SessionBody } from '../../../shared/protocol/http.js';
import { ApiWorld } from '../../support/api-world.js';

const FIRST = '0K3WPX1ZC8R0A' as EventId;
const SECOND = '0K3WPX1ZC8R0B' as EventId;

describe('API: receipts', () => {
  let world: ApiWorld;
  let alice: SessionBody;
  let bob: SessionBody;
  let mallory: SessionBody;
  let channelId: ChannelId;
  beforeEach(async () => {
    world = await new ApiWorld().start();
    [alice, bob, mallory] = [await world.signUp('alice'), await world.signUp('bob'), await world.signUp('mallory')];
    const body = { name: 'lunch', userIds: [bob.user.id] };
    channelId = (await world.ask<ChannelBody>('POST', '/v1/groups', { token: alice.accessToken, body })).body.channel.id;
  });
  afterEach(() => world.stop());

  const read = (reader: SessionBody) => world.ask<ReceiptsBody>('GET', `/v1/channels/${channelId}/receipts`, { token: reader.accessToken });
  const keep = (user: SessionBody, delivered: EventId, readUpTo: EventId) =>
    world.receipts.advance([{ channelId, userId: user.user.id, delivered, read: readUpTo }]);

  it('are how far the members have got', async () => {
    await keep(bob, SECOND, FIRST);
    await keep(alice, SECOND, SECOND);
    expect((await read(alice)).body.receipts).to.deep.equal([
      { userId: alice.user.id, delivered: SECOND, read: SECOND },
      { userId: bob.user.id, delivered: SECOND, read: FIRST },
    ]);
  });

  it('are empty where nobody has got anywhere', async () => {
    expect((await read(bob)).body).to.deep.equal({ receipts: [] });
  });

  it('are not for who is not a member', async () => {
    expect(await world.outcome('GET', `/v1/channels/${channelId}/receipts`, { token: mallory.accessToken })).to.equal('404 NOT_FOUND');
  });

  it('are neither for nor of who has left', async () => {
    await keep(bob, SECOND, SECOND);
    await world.ask('POST', `/v1/channels/${channelId}/leave`, { token: bob.accessToken });
    expect((await read(alice)).body.receipts).to.deep.equal([]);
    expect(await world.outcome('GET', `/v1/channels/${channelId}/receipts`, { token: bob.accessToken })).to.equal('404 NOT_FOUND');
  });

  it('the list of one’s channels says up to where one has read', async () => {
    const listOf = async (user: SessionBody) =>
      (await world.ask<ChannelListBody>('GET', '/v1/channels', { token: user.accessToken })).body.channels.map((channel) => channel.read);
    await keep(bob, SECOND, FIRST);
    expect(await listOf(bob)).to.deep.equal([FIRST]);
    expect(await listOf(alice)).to.deep.equal(['']);
  });
});
