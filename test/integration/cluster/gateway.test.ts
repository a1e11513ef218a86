import { expect } from 'chai';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { PortAllocator } from '../../../scripts/cluster/ports.js';
import { findProgram } from '../../../scripts/services/binaries.js';
import { createGateway } from '../../../scripts/services/gateway.js';
import type { PrivateService } from '../../../scripts/services/private-service.js';
import { skippedTitle } from '../../support/products.js';
import { useTemporaryFolder } from '../../support/temporary-folder.js';
import { Upstream, type SeenRequest } from '../../support/upstream.js';

interface Answer extends SeenRequest {
  readonly name: string;
}

if (findProgram('nginx') === undefined) {
  describe('the gateway', () => it(skippedTitle('routes', 'nginx is not installed')));
} else {
  describe('the gateway', () => {
    const folder = useTemporaryFolder();
    let upstreams: readonly Upstream[];
    let gateway: PrivateService;
    let origin: string;

    beforeEach(async () => {
      upstreams = ['server1', 'server2', 'server3', 'api1', 'api2'].map((name) => new Upstream(name));
      const places = await Promise.all(upstreams.map((upstream) => upstream.start()));
      const port = await new PortAllocator().take('gateway', 0);
      origin = `127.0.0.1:${port}`;
      gateway = createGateway({
        data: join(folder.path, 'data'),
        logs: join(folder.path, 'logs'),
        run: join(folder.path, 'run'),
        port,
        reach: 'loopback',
        template: 'nginx/warren.conf.template',
        servers: places.slice(0, 3),
        apis: places.slice(3),
      });
      await gateway.start();
    });

    afterEach(async () => {
      await gateway.stop();
      await Promise.all(upstreams.map((upstream) => upstream.stop()));
    });

    const get = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
      (await (await fetch(`http://${origin}${path}`, { headers })).json()) as Answer;

    /** The name that the server at the other end greets with. */
    const greet = async (path: string): Promise<string> => {
      const socket = new WebSocket(`ws://${origin}${path}`);
      const [name] = (await once(socket, 'message')) as [Buffer];
      socket.terminate();
      return name.toString();
    };

    it('leads a socket to the server that it names', async () => {
      const names = ['server2', 'server3', 'server1', 'server2'];
      expect(await Promise.all(names.map((name) => greet(`/ws?server=${name}`)))).to.deep.equal(names);
    });

    it('leads a socket to another server while the named one is gone', async () => {
      await upstreams[1]!.stop();
      expect(await greet('/ws?server=server2')).to.be.oneOf(['server1', 'server3']);
    });

    it('leads a socket that names no server, or an unknown one, to any', async () => {
      for (const path of ['/ws', '/ws?server=server99', '/stomp', '/sockjs/info']) {
        expect(path.endsWith('info') ? (await get(path)).name : await greet(path)).to.match(/^server[123]$/);
      }
    });

    it('spreads other requests over the API instances', async () => {
      const names = [];
      for (let i = 0; i < 4; i++) names.push((await get('/v1/servers')).name);
      expect(new Set(names)).to.deep.equal(new Set(['api1', 'api2']));
    });

    it('repeats a GET elsewhere when an API instance is gone', async () => {
      await upstreams[3]!.stop();
      for (let i = 0; i < 3; i++) expect((await get('/')).name).to.equal('api2');
    });

    it('tells the API who asks, and believes nothing that the client says about it', async () => {
      const { headers } = await get('/v1/me', { 'x-forwarded-for': '10.9.9.9', 'x-forwarded-proto': 'https' });
      expect(headers).to.deep.include({ host: origin, 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' });
    });

    it('tells the chat servers who asks, too', async () => {
      const { headers } = await get('/sockjs/info', { 'x-forwarded-for': '10.9.9.9' });
      expect(headers).to.deep.include({ host: origin, 'x-forwarded-for': '127.0.0.1' });
    });

    it('passes a harmless request id on, and makes one otherwise', async () => {
      expect((await get('/v1/me', { 'x-request-id': 'abc-1' })).headers['x-request-id']).to.equal('abc-1');
      expect((await get('/v1/me', { 'x-request-id': 'a b"c' })).headers['x-request-id']).to.match(/^[0-9a-f]{32}$/);
    });

    it('refuses a body over one megabyte', async () => {
      const response = await fetch(`http://${origin}/v1/files`, { method: 'POST', body: 'x'.repeat(1_100_000) });
      expect(response.status).to.equal(413);
    });

    it('does not show metrics to the world', async () => {
      expect((await fetch(`http://${origin}/metrics`)).status).to.equal(404);
    });

    it('writes no query string into its access log', async () => {
      await get('/v1/sync?token=very-secret');
      await gateway.stop();
      const log = readFileSync(join(folder.path, 'logs', 'gateway.log'), 'utf8');
      expect(log).to.contain('GET /v1/sync 200');
      expect(log).not.to.contain('very-secret');
    });
  });
}
