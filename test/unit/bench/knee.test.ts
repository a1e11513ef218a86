import { expect } from 'chai';
import { kneeOf, sweepRates, type SweepPoint } from '../../../bench/latency/knee.js';

describe('the knee of a sweep', () => {
  const RATES = [1_000, 2_000, 4_000];

  it('is the last rate, when the system keeps up with all of them', async () => {
    const points = await sweepRates(RATES, answers({}));
    expect(rates(points)).to.deep.equal(RATES);
    expect(kneeOf(points)?.perSecond).to.equal(4_000);
  });

  it('is not where the system was late once', async () => {
    const points = await sweepRates(RATES, answers({ 1_000: [late(1_000)] }));
    expect(rates(points)).to.deep.equal([1_000, 1_000, 2_000, 4_000]);
    expect(kneeOf(points)?.perSecond).to.equal(4_000);
  });

  it('is the rate before the one at which it was late twice, and nothing is measured beyond', async () => {
    const points = await sweepRates(RATES, answers({ 2_000: [late(2_000), late(2_000)] }));
    expect(rates(points)).to.deep.equal([1_000, 2_000, 2_000]);
    expect(kneeOf(points)?.perSecond).to.equal(1_000);
  });

  it('is unknown when the lowest rate is too much', async () => {
    const points = await sweepRates(RATES, answers({ 1_000: [late(1_000), fewer(1_000)] }));
    expect(rates(points)).to.deep.equal([1_000, 1_000]);
    expect(kneeOf(points)).to.equal(undefined);
  });

  it('counts what was delivered and a void run as well', async () => {
    const points = await sweepRates(RATES, answers({ 4_000: [fewer(4_000), { ...prompt(4_000), void: 'the load generator was busy' }] }));
    expect(kneeOf(points)?.perSecond).to.equal(2_000);
  });
});

function prompt(perSecond: number): SweepPoint {
  return { perSecond, deliveredPerSecond: perSecond, p50Ms: 5, p99Ms: 20, systemMicros: 100, void: undefined };
}

function late(perSecond: number): SweepPoint {
  return { ...prompt(perSecond), p99Ms: 101 };
}

function fewer(perSecond: number): SweepPoint {
  return { ...prompt(perSecond), deliveredPerSecond: perSecond * 0.96 };
}

/** Measures as told, and keeps up once nothing is told any more. */
function answers(told: Record<number, SweepPoint[]>): (perSecond: number) => Promise<SweepPoint> {
  return (perSecond) => Promise.resolve(told[perSecond]?.shift() ?? prompt(perSecond));
}

function rates(points: readonly SweepPoint[]): readonly number[] {
  return points.map(({ perSecond }) => perSecond);
}
