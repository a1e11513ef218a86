import { expect } from 'chai';
import type { ServerRegistry } from '../../shared/ports/index.js';
import { makeServer, until, type DescribeHotPath, type HotPath } from './hot-path-fixtures.js';

const LEASE_MS = 60_000;

export const describeServerRegistryContract: DescribeHotPath = (name, open) => {
  describe(name, () => {
    let hotPath: HotPath;
    let registry: ServerRegistry;

    beforeEach(async () => {
      hotPath = await open();
      registry = hotPath.registry;
    });
    afterEach(() => hotPath.close());

    it('lists what servers say of themselves', async () => {
      const servers = [makeServer('server1'), makeServer('server2', { draining: true, load: 0.125, connections: 7 })];
      for (const server of servers) await registry.renew(server, LEASE_MS);
      expect(await registry.list()).to.have.deep.members(servers);
    });

    it('tells the first renewal from the next ones', async () => {
      expect(await registry.renew(makeServer('server1'), LEASE_MS)).to.equal('created');
      expect(await registry.renew(makeServer('server1'), LEASE_MS)).to.equal('renewed');
    });

    it('takes over what a renewal says', async () => {
      await registry.renew(makeServer('server1'), LEASE_MS);
      await registry.renew(makeServer('server1', { connections: 99 }), LEASE_MS);
      expect(await registry.list()).to.deep.equal([makeServer('server1', { connections: 99 })]);
    });

    it('refuses an id that another incarnation holds', async () => {
      await registry.renew(makeServer('server1'), LEASE_MS);
      expect(await registry.renew(makeServer('server1', { incarnation: 'second' }), LEASE_MS)).to.equal('refused');
      expect((await registry.list()).map(({ incarnation }) => incarnation)).to.deep.equal(['first']);
    });

    it('ends a lease that is not renewed, and says that it was created anew', async () => {
      await registry.renew(makeServer('server1'), 1);
      expect(
        await until(
          () => registry.list(),
          (servers) => servers.length === 0,
        ),
      ).to.deep.equal([]);
      expect(await registry.renew(makeServer('server1', { incarnation: 'second' }), LEASE_MS)).to.equal('created');
    });

    it('removes only its own incarnation', async () => {
      const server = makeServer('server1');
      await registry.renew(server, LEASE_MS);
      await registry.remove(server.serverId, 'second');
      expect(await registry.list()).to.have.lengthOf(1);
      await registry.remove(server.serverId, 'first');
      expect(await registry.list()).to.deep.equal([]);
    });
  });
};
