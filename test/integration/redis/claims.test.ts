import { expect } from 'chai';
import { RedisSequencer, type RedisConnection } from '../../../shared/adapters/redis/index.js';
import type { ChannelId, ClientId, EventId } from '../../../shared/domain/ids.js';
import type { Reservation } from '../../../shared/ports/index.js';
import { nextChannel, nextId, nextUser } from '../../contract/hot-path-fixtures.js';
import { closeTestRedis, openTestRedis } from '../../support/private-redis.js';
import { describeWith } from '../../support/products.js';

describeWith('redis', 'claims of client ids in Redis', (url) => {
  let redis: RedisConnection;
  let sequencer: RedisSequencer;
  let channelId: ChannelId;
  const senderId = nextUser();

  beforeEach(async () => {
    redis = await openTestRedis(url);
    sequencer = new RedisSequencer(redis);
    channelId = nextChannel();
    await sequencer.advance([{ channelId, id: '' as EventId }]);
  });
  afterEach(() => closeTestRedis(redis));

  const ask = (clientId: string): Reservation => ({ channelId, senderId, clientId: clientId as ClientId, proposed: nextId() });
  async function reserve(clientId: string): Promise<EventId> {
    const item = ask(clientId);
    await sequencer.reserve([item]);
    return item.proposed;
  }
  /** As if their time had passed. A generation never goes back, so that the one that was said last is the one that runs. */
  const nextGeneration = (): Promise<unknown> => redis.client.incr(`${redis.prefix}sent:generation`);

  it('are one field for those that differ in their last character only', async () => {
    await sequencer.reserve(['page-1', 'page-2', 'page-3', 'page-10', 'page-11', 'page-1'].map(ask));
    await sequencer.reserve(['page-4', 'page-12'].map(ask));
    const generation = await redis.client.get(`${redis.prefix}sent:generation`);
    const held = await redis.client.hgetall(`${redis.prefix}sent:${generation}`);
    const lengths = ['page-', 'page-1'].map((head) => held[`${channelId}:${senderId}:${head}`]?.length);
    expect(lengths).to.deep.equal([4 * 14, 3 * 14]);
    // And the field that keeps it from being a list.
    expect(Object.keys(held)).to.have.lengthOf(3);
  });

  it('are known while their generation or the next one runs, whichever of them others are in that share their field', async () => {
    const first = await reserve('page-1');
    await nextGeneration();
    const second = await reserve('page-2');
    const known = async (): Promise<readonly unknown[]> =>
      (await sequencer.reserve(['page-1', 'page-2'].map(ask))).map((answer) => (answer.status === 'duplicate' ? answer.id : answer.status));
    expect(await known()).to.deep.equal([first, second]);
    await nextGeneration();
    expect(await known()).to.deep.equal(['reserved', second]);
  });
});
