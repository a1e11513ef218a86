import { expect } from 'chai';
import { Arrivals } from '../../../bench/load/arrivals.js';

describe('Arrivals', () => {
  it('are as many as the rate asks for, once each and in order', () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const arrivals = new Arrivals(1000, { from: 500, random });
    const moments: number[] = [];
    for (let now = 500; now <= 10_500; now += 7)
      for (let due = arrivals.takeDue(now); due !== undefined; due = arrivals.takeDue(now)) moments.push(due);
    expect(moments.length).to.be.within(9_700, 10_300);
    expect(moments).to.deep.equal([...moments].sort((a, b) => a - b));
    expect(new Set(moments).size).to.equal(moments.length);
  });

  it('are not given out before they are due', () => {
    const arrivals = new Arrivals(1, { from: 0, random: () => 0.5 });
    const first = Math.LN2 * 1000;
    expect(arrivals.takeDue(first - 1)).to.equal(undefined);
    expect(arrivals.takeDue(first + 1)).to.be.closeTo(first, 0.001);
    expect(arrivals.takeDue(first + 1)).to.equal(undefined);
  });
});
