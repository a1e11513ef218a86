import { expect } from 'chai';
import { RecentIds } from '../../../shared/protocol/recent-ids.js';
import { caughtUp, at, e, reply } from '../../support/chain-facts.js';

describe('what a device remembers of a channel’s events', () => {
  it('is the newest ids: the oldest makes room', () => {
    const ids = new RecentIds(3);
    for (const n of [1, 2, 3, 4]) ids.add(e(n));
    expect([1, 2, 3, 4].filter((n) => ids.has(e(n)))).to.deep.equal([2, 3, 4]);
  });

  it('takes no room for one that comes again', () => {
    const ids = new RecentIds(2);
    for (const n of [1, 2, 2, 2]) ids.add(e(n));
    expect([ids.has(e(1)), ids.add(e(2))]).to.deep.equal([true, false]);
  });

  it('are the last 1,024 of them', () => {
    const chain = caughtUp(e(0));
    for (let n = 1; n <= 1_025; n++) chain.observe({ id: e(n), prev: e(n - 1) }, at(n));
    expect([chain.hasSeen(e(1)), chain.hasSeen(e(2))]).to.deep.equal([false, true]);
  });

  it('are 25 messages that it has doubts about: of more, the newest doubts are asked about', () => {
    const chain = caughtUp(e(100));
    for (let n = 1; n <= 30; n++) chain.recheck(e(n), at(0));
    const asked = chain.ask();
    expect(asked.ids).to.deep.equal(Array.from({ length: 25 }, (_, i) => e(6 + i)));
    chain.answer(reply({ cursor: e(100) }), asked, at(200));
    expect(chain.ask().ids).to.deep.equal([]);
  });
});
