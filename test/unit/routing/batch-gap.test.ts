import { expect } from 'chai';
import { BatchGap } from '../../../shared/routing/batch-gap.js';

function gapAfter(...tripsMs: readonly number[]): number {
  const gap = new BatchGap();
  for (const tripMs of tripsMs) gap.observe(tripMs);
  return gap.ms;
}

const many = (tripMs: number): number[] => Array.from({ length: 60 }, () => tripMs);

describe('batch gap', () => {
  it('is short at first, and while batches are quick', () => {
    expect(gapAfter()).to.equal(5);
    expect(gapAfter(...many(4))).to.equal(5);
  });

  it('grows while they take long, up to its bound', () => {
    expect(gapAfter(...many(7))).to.be.within(10, 11);
    expect(gapAfter(...many(500))).to.equal(15);
  });

  it('does not follow a single one', () => {
    expect(gapAfter(...many(3), 12)).to.equal(5);
  });

  it('is short again once they are quick again, also after an outage', () => {
    expect(gapAfter(30_000, ...many(3), ...many(3))).to.equal(5);
  });
});
