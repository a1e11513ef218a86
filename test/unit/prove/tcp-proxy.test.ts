import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { TcpProxy } from '../../../scripts/prove/arena/tcp-proxy.js';

/** More turns of the event loop than there are bytes under way. */
const TURNS = 3_000;
const BYTES = 1_000;

describe('a proxy that makes the network bad', () => {
  let proxy: TcpProxy;
  let server: Server;
  let clients: Socket[];
  /** What the server has got, by connection in their order. */
  let received: string[];

  beforeEach(async () => {
    clients = [];
    received = [];
    server = createServer((socket) => {
      const at = received.push('') - 1;
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        received[at] = (received[at] ?? '') + chunk.toString();
        server.emit('got');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = await TcpProxy.listen();
    proxy.pointAt((server.address() as AddressInfo).port);
  });

  afterEach(async () => {
    for (const client of clients) client.destroy();
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  async function join(first: string): Promise<Socket> {
    const client = connect(proxy.port, '127.0.0.1');
    client.on('error', () => undefined);
    clients.push(client);
    client.write(first);
    await once(server, 'got');
    return client;
  }

  async function pass(turns: number): Promise<void> {
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
  }

  it('hands on every byte by itself, in order', async () => {
    const text = Array.from({ length: BYTES }, (_, i) => String(i % 10)).join('');
    proxy.impair({ sliced: BYTES });
    await join(text);
    expect(received[0]).to.have.length.lessThan(BYTES);
    while (received[0] !== text) await once(server, 'got');
  });

  it('lets nothing more through a connection that is a black hole, also of what it has read already', async () => {
    proxy.impair({ sliced: BYTES });
    const client = await join('a'.repeat(BYTES));
    client.write('b'.repeat(BYTES));
    // So that these wait in the proxy as well, behind the others.
    await pass(50);
    proxy.blackhole();
    await pass(TURNS);
    expect(received[0]).to.have.length.lessThan(BYTES);
    expect(received[0]).not.to.include('b');
  });

  it('carries what comes over new connections', async () => {
    await join('a');
    proxy.blackhole();
    await join('b');
    expect(received).to.deep.equal(['a', 'b']);
  });
});
