import { expect } from 'chai';
import type { ServerId } from '../../shared/domain/ids.js';
import type { Confirmations } from '../../shared/ports/index.js';
import type { DescribeHotPath, HotPath } from './hot-path-fixtures.js';

const LONG_MS = 60_000;
const [ONE, TWO] = ['server1', 'server2'] as [ServerId, ServerId];

export const describeConfirmationsContract: DescribeHotPath = (name, open) => {
  describe(name, () => {
    let hotPath: HotPath;
    let confirmations: Confirmations;

    beforeEach(async () => {
      hotPath = await open();
      confirmations = hotPath.confirmations;
    });
    afterEach(() => hotPath.close());

    it('resolves as soon as all servers have confirmed', async () => {
      const waiting = confirmations.wait('c1', [ONE, TWO], LONG_MS);
      await confirmations.confirm('c1', ONE);
      await confirmations.confirm('c1', TWO);
      expect(await waiting).to.equal(true);
    });

    it('takes what was confirmed before the wait', async () => {
      await confirmations.confirm('c1', ONE);
      expect(await confirmations.wait('c1', [ONE], LONG_MS)).to.equal(true);
    });

    it('answers false when a server stays silent', async () => {
      await confirmations.confirm('c1', ONE);
      expect(await confirmations.wait('c1', [ONE, TWO], 20)).to.equal(false);
    });

    it('keeps confirmations apart', async () => {
      await confirmations.confirm('c1', ONE);
      expect(await confirmations.wait('c2', [ONE], 20)).to.equal(false);
    });

    it('waits for nobody when there is nobody', async () => {
      expect(await confirmations.wait('c1', [], LONG_MS)).to.equal(true);
    });
  });
};
