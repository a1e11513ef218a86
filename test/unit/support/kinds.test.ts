import { expect } from 'chai';
import { planTests } from '../../support/runner/kinds.js';

describe('npm test', () => {
  it('runs every kind, after lint, types and format', () => {
    const plan = planTests([]);
    expect(plan.complete).to.equal(true);
    const files = plan.runs.flatMap((run) => run.files).join(' ');
    for (const kind of ['unit', 'contract', 'protocol', 'integration', 'prove', 'bench', 'e2e', 'architecture'])
      expect(files).to.contain(`test/${kind}/`);
  });

  it('runs what lies below a folder, and nothing else', () => {
    const plan = planTests(['test/unit/foo/']);
    expect(plan.runs.map((run) => run.files)).to.deep.equal([['test/unit/foo/**/*.test.ts']]);
    expect(plan.complete).to.equal(false);
    expect([...plan.needs]).to.deep.equal([]);
  });

  it('starts products for the kinds that use them, and a browser for the pages only', () => {
    expect([...planTests(['test/contract/lease.test.ts']).needs]).to.deep.equal(['products']);
    expect([...planTests(['test/prove']).needs]).to.deep.equal(['products', 'cluster', 'breakage']);
    expect([...planTests(['test/e2e']).needs]).to.deep.equal(['products', 'cluster', 'browser']);
  });

  it('passes options on to mocha', () => {
    const plan = planTests(['test/unit', '--grep', 'ids']);
    expect(plan.mochaArguments).to.deep.equal(['--grep', 'ids']);
    expect(planTests(['--grep', 'ids'])).to.deep.include({ complete: false, mochaArguments: ['--grep', 'ids'] });
  });
});
