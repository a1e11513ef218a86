import { expect } from 'chai';
import type { Lease } from '../../shared/ports/index.js';
import { until, type DescribeHotPath, type HotPath } from './hot-path-fixtures.js';

const TTL_MS = 60_000;

export const describeLeaseContract: DescribeHotPath = (name, open) => {
  describe(name, () => {
    let hotPath: HotPath;
    let lease: Lease;

    beforeEach(async () => {
      hotPath = await open();
      lease = hotPath.lease;
    });
    afterEach(() => hotPath.close());

    it('is held by one holder at a time, who may renew it', async () => {
      expect(await lease.hold('node:1', 'a', TTL_MS)).to.equal(true);
      expect(await lease.hold('node:1', 'b', TTL_MS)).to.equal(false);
      expect(await lease.hold('node:1', 'a', TTL_MS)).to.equal(true);
    });

    it('keeps names apart', async () => {
      await lease.hold('node:1', 'a', TTL_MS);
      expect(await lease.hold('node:2', 'b', TTL_MS)).to.equal(true);
    });

    it('is free after its release', async () => {
      await lease.hold('node:1', 'a', TTL_MS);
      await lease.release('node:1', 'a');
      expect(await lease.hold('node:1', 'b', TTL_MS)).to.equal(true);
    });

    it('is not released by somebody else', async () => {
      await lease.hold('node:1', 'a', TTL_MS);
      await lease.release('node:1', 'b');
      expect(await lease.hold('node:1', 'b', TTL_MS)).to.equal(false);
    });

    it('is taken over when it is not renewed', async () => {
      await lease.hold('node:1', 'a', 1);
      expect(
        await until(
          () => lease.hold('node:1', 'b', TTL_MS),
          (held) => held,
        ),
      ).to.equal(true);
      expect(await lease.hold('node:1', 'a', TTL_MS)).to.equal(false);
    });
  });
};
