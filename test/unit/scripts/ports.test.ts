import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { isPortFree, PortAllocator } from '../../../scripts/cluster/ports.js';

describe('ports', () => {
  it('that somebody listens on are replaced, and the move is known', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const wanted = (server.address() as AddressInfo).port;
    const allocator = new PortAllocator();
    const port = await allocator.take('redis', wanted);
    server.close();
    expect(port).not.to.equal(wanted);
    expect(allocator.moved).to.deep.equal([{ wanted, port, name: 'redis' }]);
  });

  it('are given once only', async () => {
    const allocator = new PortAllocator();
    const first = await allocator.take('a', 0);
    expect(await allocator.take('b', first)).not.to.equal(first);
  });

  it('are free when nobody listens', async () => {
    const port = await new PortAllocator().take('a', 0);
    expect(await isPortFree(port)).to.equal(true);
  });
});
