import { expect } from 'chai';
import { interleave, spreadOf } from '../../../bench/compare/statistics.js';

describe('the statistics of repeats', () => {
  it('are the middle and the ends', () => {
    expect(spreadOf([5, 1, 9])).to.deep.equal({ median: 5, min: 1, max: 9 });
    expect(spreadOf([4, 1, 2, 3])).to.deep.equal({ median: 2.5, min: 1, max: 4 });
    expect(() => spreadOf([])).to.throw('no values');
  });

  it('come from runs in turning order', () => {
    expect(interleave(['a', 'b'], 4).flat().join('')).to.equal('abbaabba');
  });
});
