import { expect } from 'chai';
import { ExpiringMap } from '../../../shared/adapters/memory/expiring-map.js';

describe('a map in memory whose entries expire', () => {
  let now: number;
  let map: ExpiringMap<string, number>;
  beforeEach(() => {
    now = 0;
    map = new ExpiringMap(3, () => now);
  });

  const keys = (): string[] => [...map.entries()].map(([key]) => key);

  it('never has more entries than it may: the oldest goes', () => {
    for (const key of ['a', 'b', 'c', 'd', 'e']) map.set(key, 1, 1_000);
    expect(keys()).to.deep.equal(['c', 'd', 'e']);
    expect(map.get('a')).to.equal(undefined);
  });

  it('keeps what was set again', () => {
    for (const key of ['a', 'b', 'c', 'a', 'd']) map.set(key, 1, 1_000);
    expect(keys()).to.deep.equal(['c', 'a', 'd']);
  });

  it('forgets entries after their time', () => {
    map.set('a', 1, 1_000);
    now = 1_000;
    expect(map.get('a')).to.equal(undefined);
    expect(keys()).to.deep.equal([]);
  });
});
