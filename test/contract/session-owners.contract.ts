import { expect } from 'chai';
import type { SessionOwners } from '../../shared/ports/index.js';
import { until, type DescribeHotPath, type HotPath } from './hot-path-fixtures.js';

const TTL_MS = 60_000;

export const describeSessionOwnersContract: DescribeHotPath = (name, open) => {
  describe(name, () => {
    let hotPath: HotPath;
    let owners: SessionOwners;

    beforeEach(async () => {
      hotPath = await open();
      owners = hotPath.sessionOwners;
    });
    afterEach(() => hotPath.close());

    it('a free session becomes the claimer’s, and is found', async () => {
      expect(await owners.claim('s1', 'a', TTL_MS)).to.equal(undefined);
      expect(await owners.find('s1')).to.equal('a');
    });

    it('a session of another stays with that one, who is named', async () => {
      await owners.claim('s1', 'a', TTL_MS);
      expect(await owners.claim('s1', 'b', TTL_MS)).to.equal('a');
      expect(await owners.find('s1')).to.equal('a');
    });

    it('of two claims at once one wins', async () => {
      const answers = await Promise.all([owners.claim('s1', 'a', TTL_MS), owners.claim('s1', 'b', TTL_MS)]);
      expect(answers.filter((owner) => owner === undefined)).to.have.length(1);
    });

    it('its owner may claim it again', async () => {
      await owners.claim('s1', 'a', 1);
      expect(await owners.claim('s1', 'a', TTL_MS)).to.equal(undefined);
      expect(await owners.find('s1')).to.equal('a');
    });

    it('nobody owns what nobody has claimed', async () => {
      await owners.claim('s1', 'a', TTL_MS);
      expect(await owners.find('s2')).to.equal(undefined);
    });

    it('is free after its release, and after its time', async () => {
      await owners.claim('s1', 'a', TTL_MS);
      await owners.release('s1', 'a');
      expect(await owners.find('s1')).to.equal(undefined);
      await owners.claim('s2', 'a', 1);
      await until(
        () => owners.find('s2'),
        (owner) => owner === undefined,
      );
    });

    it('is not released by somebody else', async () => {
      await owners.claim('s1', 'a', TTL_MS);
      await owners.release('s1', 'b');
      expect(await owners.find('s1')).to.equal('a');
    });
  });
};
