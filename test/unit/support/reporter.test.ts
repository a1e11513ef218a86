import { expect } from 'chai';
import { closingLines, sumTotals } from '../../support/reporter.js';

describe('the closing lines of a test run', () => {
  it('end with the sums of all runs, alone on their line', () => {
    const sum = sumTotals([
      { passed: 3, failed: 0, skipped: [] },
      { passed: 4, failed: 1, skipped: ['a b'] },
    ]);
    expect(closingLines(sum).split('\n').slice(-2)).to.deep.equal(['7 passed, 1 failed, 1 skipped', '']);
  });

  it('name each skipped test with its reason', () => {
    const lines = closingLines({ passed: 0, failed: 0, skipped: ['Bus over rabbitmq works [skipped: no broker]', 'Forgotten test'] });
    expect(lines)
      .to.contain('  skipped: Bus over rabbitmq works: no broker\n')
      .and.to.contain('  skipped: Forgotten test: no reason given\n');
  });
});
