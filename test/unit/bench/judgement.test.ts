import { expect } from 'chai';
import type { Measurement } from '../../../bench/arms/arm.js';
import { judge, printVerdict, type Goal } from '../../../bench/compare/verdict.js';
import { remarks, whyVoid } from '../../../bench/compare/void.js';

const QUANTILES = { p50: 1, p99: 2, max: 3 };
const GOOD: Measurement = {
  ...{
    sentInAll: 12,
    sent: 10,
    delivered: 10,
    acked: 10,
    wrong: 0,
    wrongBefore: 0,
    faults: [],
    errors: 0,
    lost: 0,
    seconds: 1,
    cpuMs: 100,
  },
  ...{ ackMs: QUANTILES, deliveryMs: QUANTILES, deliverySpansMs: [], latenessMs: QUANTILES },
  ...{ deliveredPerSecond: 10, cpuMicros: {}, systemMicros: 1, loadMicros: 1, loadBusy: 0.5, neighbours: 0.02, stored: 1 },
};

describe('a run of the bench', () => {
  it('counts when every message came once, whole and in order, and the load generator had time', () => {
    expect(whyVoid(GOOD)).to.equal(undefined);
    expect(remarks(GOOD)).to.deep.equal([]);
  });

  const voids: readonly (readonly [string, Partial<Measurement>])[] = [
    ['nothing was delivered', { delivered: 0 }],
    [
      '2 messages were not as they were sent, or out of order: the checksum does not match',
      { wrong: 2, faults: ['the checksum does not match'] },
    ],
    ['3 messages were never delivered', { lost: 3 }],
    ['1 messages were delivered more than once', { lost: -1 }],
    ['4 errors', { errors: 4 }],
    ['the load generator was busy for 90 % of the time', { loadBusy: 0.9 }],
  ];
  for (const [reason, change] of voids) it(`is void: ${reason}`, () => expect(whyVoid({ ...GOOD, ...change })).to.equal(reason));

  it('says what has disturbed it', () => {
    const said = remarks({ ...GOOD, neighbours: 0.3, stored: 0.5, wrongBefore: 1 });
    expect(said).to.have.length(3);
  });
});

describe('a verdict', () => {
  const lower: Goal = { measure: 2, what: 'CPU', unit: '×', better: 'lower', floor: 0.6, aim: 0.35 };

  it('tells aim, floor and short apart, whichever way is better', () => {
    expect([0.35, 0.5, 0.61].map((value) => judge(lower, value).reached)).to.deep.equal(['aim', 'floor', 'short']);
    const higher: Goal = { ...lower, better: 'higher', floor: 1.5, aim: 2.5 };
    expect([2.5, 1.5, 1.4].map((value) => judge(higher, value).reached)).to.deep.equal(['aim', 'floor', 'short']);
  });

  it('is printed with its marks', () => {
    expect(printVerdict(judge(lower, 0.7))).to.equal('   2  CPU: 0.70×  (floor ≤ 0.60×, aim ≤ 0.35×)  SHORT of the floor');
  });
});
