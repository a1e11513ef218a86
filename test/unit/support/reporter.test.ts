import { expect } from 'chai';
import { closingLines, sumTotals } from '../../support/reporter.js';

describe('the closing lines of a test run', () => {
  it('end with the sums of all runs, alone on their line', () => {
    const sum = sumTotals([
      { passed: 3, failed: [], skipped: [] },
      { passed: 4, failed: ['c d'], skipped: ['a b'] },
    ]);
    expect(closingLines(sum).split('\n').slice(-2)).to.deep.equal(['7 passed, 1 failed, 1 skipped', '']);
  });

  it('name each skipped test with its reason', () => {
    const lines = closingLines({ passed: 0, failed: [], skipped: ['Bus over rabbitmq works [skipped: no broker]', 'Forgotten test'] });
    expect(lines)
      .to.contain('  skipped: Bus over rabbitmq works: no broker\n')
      .and.to.contain('  skipped: Forgotten test: no reason given\n');
  });

  it('tell once more what failed, right before the sums', () => {
    const lines = closingLines({ passed: 1, failed: ['Bus over rabbitmq works\n  Error: no'], skipped: ['Forgotten test'] });
    expect(lines).to.match(/failed: Bus over rabbitmq works\n {2}Error: no\n1 passed, 1 failed, 1 skipped\n$/);
  });
});
