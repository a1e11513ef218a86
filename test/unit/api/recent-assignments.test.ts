import { expect } from 'chai';
import { RecentAssignments } from '../../../api/use-cases/recent-assignments.js';
import type { ServerId } from '../../../shared/domain/ids.js';

const A = 'a' as ServerId;

describe('recent assignments', () => {
  it('counts what was assigned within the window', () => {
    const recent = new RecentAssignments();
    recent.add(A, 1_000);
    recent.add(A, 2_000);
    expect(recent.counts(3_000).get(A)).to.equal(2);
  });

  it('forgets what is older', () => {
    const recent = new RecentAssignments();
    recent.add(A, 1_000);
    recent.add(A, 4_000);
    expect(recent.counts(6_500).get(A)).to.equal(1);
    expect(recent.counts(60_000).size).to.equal(0);
  });

  it('is bounded', () => {
    const recent = new RecentAssignments();
    for (let i = 0; i < 20_100; i++) recent.add(A, 1_000);
    expect(recent.counts(1_000).get(A)).to.equal(20_000);
  });
});
