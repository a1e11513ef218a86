import { expect } from 'chai';
import type { EventId, Receipt, UserId } from '../../../client/mod.js';
import { progressOf } from '../../../web/src/model/progress.js';

const [ALICE, BOB, CAROL] = ['alice', 'bob', 'carol'] as [UserId, UserId, UserId];
const MESSAGE = { id: '2' as EventId, senderId: ALICE };

const receipts = (...entries: readonly (readonly [UserId, string, string])[]): ReadonlyMap<UserId, Receipt> =>
  new Map(entries.map(([userId, delivered, read]) => [userId, { userId, delivered: delivered as EventId, read: read as EventId }]));

describe('how far an own message got', () => {
  it('is sent while nobody else has got so far', () => {
    expect(progressOf(MESSAGE, receipts())).to.deep.equal({ state: 'sent', readers: 0 });
    expect(progressOf(MESSAGE, receipts([BOB, '1', '1']))).to.deep.equal({ state: 'sent', readers: 0 });
  });

  it('is delivered once it has come to somebody', () => {
    expect(progressOf(MESSAGE, receipts([BOB, '2', '1'], [CAROL, '1', '']))).to.deep.equal({ state: 'delivered', readers: 0 });
  });

  it('is read, with the number of readers', () => {
    expect(progressOf(MESSAGE, receipts([BOB, '3', '3'], [CAROL, '2', '2']))).to.deep.equal({ state: 'read', readers: 2 });
  });

  it('does not count who wrote it', () => {
    expect(progressOf(MESSAGE, receipts([ALICE, '3', '3']))).to.deep.equal({ state: 'sent', readers: 0 });
  });
});
