import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VIOLATIONS } from '../../scripts/prove/check/verdict.js';
import { chooseFaults } from '../../scripts/prove/options.js';
import { prove, type Outcome } from '../../scripts/prove/prove-run.js';
import { renderText } from '../../scripts/prove/report/text.js';
import { missingPackages } from '../../scripts/services/packages.js';
import { skippedTitle } from '../support/products.js';

const missing = missingPackages(['rabbitmq', 'redis', 'mariadb', 'nginx', 'faketime']);
const OPTIONS = {
  ...{ minutes: 0, seed: 1, rate: 150, users: 12, groups: 6, nodes: 3, loadProcesses: 1, once: true },
  ...{ reportPath: undefined, jsonPath: undefined },
};

if (missing.length > 0) {
  describe('prove, the short form', () => it(skippedTitle('holds every promise', `${missing.join(', ')} not installed`)));
} else {
  describe('prove, the short form', function () {
    this.timeout(300_000);
    const faults = chooseFaults('short');
    let folder: string;
    let outcome: Outcome;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'warren-prove-'));
      const folders = { cluster: join(folder, 'cluster'), histories: join(folder, 'histories') };
      outcome = await prove({ ...OPTIONS, faults }, folders, { report: () => undefined });
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it('breaks everything once', () => {
      const done = outcome.verdict.interruptions.map(({ kind }) => kind);
      expect(done.sort()).to.deep.equal(faults.map(({ name }) => name).sort());
    });

    it('has something to judge', () => {
      const { counts } = outcome.verdict;
      expect(counts.acked).to.be.greaterThan(1_000);
      expect(counts.received).to.be.greaterThan(counts.messagesAcked);
      expect(counts.reads).to.be.greaterThan(50);
    });

    for (const kind of Object.keys(VIOLATIONS) as (keyof typeof VIOLATIONS)[]) {
      it(`finds nothing ${VIOLATIONS[kind].title}`, () => {
        expect(outcome.verdict.totals[kind], renderText(outcome.verdict)).to.equal(0);
      });
    }
  });
}
