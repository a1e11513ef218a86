import { expect } from 'chai';
import { BatchGap } from '../../../shared/routing/batch-gap.js';

const MANY = 100;

/** A gap that has seen `perSecond` items a second, in batches of 10 ms, for a second. */
function after(perSecond: number): { readonly gap: BatchGap; readonly wait: (ms: number) => void } {
  let now = 0;
  const gap = new BatchGap(() => now);
  for (let i = 0; i < 100; i++) {
    now += 10;
    gap.note(perSecond / 100);
  }
  return { gap, wait: (ms) => (now += ms) };
}

describe('the gap between batches', () => {
  it('is none while few are under way, whatever the rate was', () => {
    expect(after(6_000).gap.ms(7)).to.equal(0);
    expect(after(6_000).gap.ms(8)).to.be.greaterThan(0);
  });

  it('grows with the rate, within its bounds', () => {
    const lengths = [0, 1_000, 3_000, 4_500, 6_000, 50_000].map((rate) => after(rate).gap.ms(MANY));
    expect(lengths).to.deep.equal([5, 5, 10, 15, 20, 20]);
  });

  it('does not grow by a burst alone', () => {
    const { gap, wait } = after(0);
    wait(1);
    gap.note(500);
    expect(gap.ms(MANY)).to.equal(5);
  });

  it('falls again with the first batch after a quiet time', () => {
    const { gap, wait } = after(6_000);
    wait(1_000);
    gap.note(100);
    expect(gap.ms(MANY)).to.equal(5);
  });
});
