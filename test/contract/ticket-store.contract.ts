import { expect } from 'chai';
import type { TicketStore } from '../../shared/ports/index.js';
import { nextDevice, nextUser, until, type DescribeHotPath, type HotPath } from './hot-path-fixtures.js';

const TTL_MS = 60_000;

export const describeTicketStoreContract: DescribeHotPath = (name, open) => {
  describe(name, () => {
    let hotPath: HotPath;
    let tickets: TicketStore;
    const owner = { userId: nextUser(), deviceId: nextDevice() };

    beforeEach(async () => {
      hotPath = await open();
      tickets = hotPath.tickets;
    });
    afterEach(() => hotPath.close());

    it('gives a ticket to its owner once', async () => {
      await tickets.issue('t1', owner, TTL_MS);
      expect(await tickets.redeem('t1')).to.deep.equal(owner);
      expect(await tickets.redeem('t1')).to.equal(undefined);
    });

    it('gives a ticket to one of many who try at once', async () => {
      await tickets.issue('t1', owner, TTL_MS);
      const answers = await Promise.all(Array.from({ length: 10 }, () => tickets.redeem('t1')));
      expect(answers.filter((answer) => answer !== undefined)).to.deep.equal([owner]);
    });

    it('does not know a ticket that was never issued', async () => {
      expect(await tickets.redeem('none')).to.equal(undefined);
    });

    it('does not take a ticket after its time', async () => {
      await tickets.issue('t1', owner, 1);
      await tickets.revoke([owner.deviceId], 2);
      await until(
        () => tickets.revokedAmong([owner.deviceId]),
        (revoked) => revoked.size === 0,
      );
      expect(await tickets.redeem('t1')).to.equal(undefined);
    });

    it('knows the devices that were logged out, and no others', async () => {
      const [a, b] = [nextDevice(), nextDevice()];
      await tickets.revoke([a, b], TTL_MS);
      expect([...(await tickets.revokedAmong([a, nextDevice(), b]))]).to.have.members([a, b]);
      expect((await tickets.revokedAmong([])).size).to.equal(0);
    });

    it('forgets a logged-out device after the given time', async () => {
      await tickets.revoke([owner.deviceId], 1);
      const revoked = await until(
        () => tickets.revokedAmong([owner.deviceId]),
        (found) => found.size === 0,
      );
      expect(revoked.size).to.equal(0);
    });
  });
};
