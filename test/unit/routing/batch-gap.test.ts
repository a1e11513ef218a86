import { expect } from 'chai';
import { BatchGap, CONNECT_GAP, EVENT_GAP, type GapLaw } from '../../../shared/routing/batch-gap.js';

/** A gap that has seen `perSecond` items a second, in batches of 10 ms, for a second. */
function after(perSecond: number, law: GapLaw = EVENT_GAP): { readonly gap: BatchGap; readonly wait: (ms: number) => void } {
  let now = 0;
  const gap = new BatchGap(law, () => now);
  for (let i = 0; i < 100; i++) {
    now += 10;
    gap.note(perSecond / 100);
  }
  return { gap, wait: (ms) => (now += ms) };
}

describe('the gap between batches', () => {
  for (const [what, law, rates, gaps] of [
    ['events', EVENT_GAP, [0, 1_000, 3_000, 4_500, 6_000, 50_000], [5, 5, 10, 15, 20, 20]],
    ['people who connect', CONNECT_GAP, [0, 200, 600, 1_000, 50_000], [0, 1, 3, 5, 5]],
  ] as const)
    it(`of ${what} grows with the rate, within its bounds`, () => {
      expect(rates.map((rate) => after(rate, law).gap.ms)).to.deep.equal(gaps);
    });

  it('does not grow by a burst alone', () => {
    const { gap, wait } = after(0);
    wait(1);
    gap.note(500);
    expect(gap.ms).to.equal(5);
  });

  it('falls again with the first batch after a quiet time', () => {
    const { gap, wait } = after(6_000);
    wait(1_000);
    gap.note(100);
    expect(gap.ms).to.equal(5);
  });
});
