import { expect } from 'chai';
import { Renewals } from '../../../shared/adapters/redis/renewals.js';
import { IdClock } from '../../../shared/domain/ids.js';

const HOUR_MS = 3_600_000;

describe('renewals of a time to live', () => {
  it('are due once an hour for each key', () => {
    const renewals = new Renewals();
    expect(renewals.take('0K3W000000001', 0)).to.equal(true);
    expect(renewals.take('0K3W000000001', HOUR_MS - 1)).to.equal(false);
    expect(renewals.take('0K3W000000002', HOUR_MS - 1)).to.equal(true);
    expect(renewals.take('0K3W000000001', HOUR_MS)).to.equal(true);
    expect(renewals.take('0K3W000000001', HOUR_MS + 1)).to.equal(false);
  });

  it('are due for every one of many keys, and rarely twice', () => {
    const renewals = new Renewals();
    const ids = new IdClock({ node: 1, now: () => 1_800_000_000_000 });
    const keys = Array.from({ length: 50_000 }, () => ids.next());
    expect(keys.every((key) => renewals.take(key, 0))).to.equal(true);
    const again = keys.filter((key) => renewals.take(key, 0)).length;
    // Keys that share a slot: a tenth where 50,000 are spread over 262,144 at random, both of each two.
    expect(again).to.be.lessThan(keys.length / 4);
  });
});
