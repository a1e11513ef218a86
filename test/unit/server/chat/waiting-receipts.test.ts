import { expect } from 'chai';
import { WaitingReceipts } from '../../../../server/chat/waiting-receipts.js';
import { NO_EVENT, type ChannelId, type EventId, type UserId } from '../../../../shared/domain/ids.js';

const CHANNELS = Array.from({ length: 1_000 }, (_, n) => `channel ${n}` as ChannelId);
const USERS = Array.from({ length: 51 }, (_, n) => `user ${n}` as UserId);
const [room, late] = [CHANNELS[0] as ChannelId, USERS[50] as UserId];
const teller = { push: () => undefined };

describe('receipts that are not stored yet', () => {
  let waiting: WaitingReceipts;
  beforeEach(() => (waiting = new WaitingReceipts()));

  const add = (channelId: ChannelId, userId: UserId, read = '1' as EventId): number | undefined =>
    waiting.add({ channelId, userId, delivered: NO_EVENT, read, teller }, 0);

  it('are 50,000 at most: a device beyond that has to say it again, and may once some are stored', () => {
    for (const channelId of CHANNELS) for (const userId of USERS) if (userId !== late) add(channelId, userId);
    expect([waiting.size, add(room, late), waiting.size]).to.deep.equal([50_000, undefined, 50_000]);
    waiting.takeDue(1_000, { limit: 1, isAllowed: () => true });
    expect(add(room, late)).to.be.a('number');
  });

  it('take no more room when one moves on', () => {
    for (const read of ['1', '2', '3']) add(room, late, read as EventId);
    expect(waiting.size).to.equal(1);
    expect(waiting.takeDue(1_000, { limit: 10, isAllowed: () => true }).map(({ read }) => read)).to.deep.equal(['3']);
  });
});
