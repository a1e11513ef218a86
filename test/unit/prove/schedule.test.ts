import { expect } from 'chai';
import type { FaultKind, Lane } from '../../../scripts/prove/faults/fault.js';
import { FAULT_KINDS } from '../../../scripts/prove/faults/kinds.js';
import { planFaults, planOnce, type PlannedFault } from '../../../scripts/prove/faults/schedule.js';
import { chooseFaults, parseProveOptions } from '../../../scripts/prove/options.js';
import { SeededRandom } from '../../../scripts/prove/random.js';

function kind(name: string, lane: Lane, weight = 1): FaultKind {
  return { name, lane, weight, short: true, run: () => Promise.resolve('') };
}

const KINDS = [kind('a', 'node'), kind('b', 'node'), kind('c', 'node', 0), kind('x', 'dependency'), kind('y', 'dependency')];

function take(planned: Iterable<PlannedFault> | undefined, count: number): string[] {
  const names: string[] = [];
  for (const { kind: one, pauseMs } of planned ?? []) {
    names.push(`${one.name} ${pauseMs}`);
    if (names.length === count) break;
  }
  return names;
}

describe('the fault schedule', () => {
  it('is the same for the same seed', () => {
    const [one, two] = [1, 1].map((seed) => take(planFaults(KINDS, new SeededRandom(seed)).get('node'), 50));
    expect(one).to.deep.equal(two);
  });

  it('is another one for another seed', () => {
    const [one, two] = [1, 2].map((seed) => take(planFaults(KINDS, new SeededRandom(seed)).get('node'), 50));
    expect(one).to.not.deep.equal(two);
  });

  it('brings every kind once before any a second time, then by weight', () => {
    const names = take(planFaults(KINDS, new SeededRandom(7)).get('node'), 100).map((text) => text.split(' ')[0]);
    expect(new Set(names.slice(0, 3))).to.deep.equal(new Set(['a', 'b', 'c']));
    expect(names.slice(3)).to.include.members(['a', 'b']).and.not.to.include('c');
  });

  it('keeps the lanes apart', () => {
    const names = take(planFaults(KINDS, new SeededRandom(7)).get('dependency'), 30).map((text) => text.split(' ')[0]);
    expect(new Set(names)).to.deep.equal(new Set(['x', 'y']));
  });

  it('brings every kind once in the short form', () => {
    const plan = planOnce(KINDS, new SeededRandom(3));
    const names = (['node', 'dependency'] as const).flatMap((lane) => take(plan.get(lane), 100)).map((text) => text.split(' ')[0]);
    expect(names.sort()).to.deep.equal(['a', 'b', 'c', 'x', 'y']);
  });
});

describe('the options of prove', () => {
  it('choose faults by name', () => {
    expect(chooseFaults('kill-server, redis-empty').map(({ name }) => name)).to.deep.equal(['kill-server', 'redis-empty']);
    expect(chooseFaults('all')).to.deep.equal(FAULT_KINDS);
    expect(chooseFaults('none')).to.deep.equal([]);
  });

  it('name the faults that there are when one is unknown', () => {
    expect(() => chooseFaults('kill-everything')).to.throw(/no fault kill-everything; there are kill-server, /);
  });

  it('take numbers within their range only', () => {
    expect(() => parseProveOptions(['--minutes', 'ten'])).to.throw('--minutes takes a number from 0 to 1440, not ten');
    expect(parseProveOptions(['--minutes', '0.5', '--seed', '7'])).to.include({ minutes: 0.5, seed: 7 });
  });
});
