import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PortAllocator } from '../../scripts/cluster/ports.js';
import { findProgram } from '../../scripts/services/binaries.js';
import { createGateway } from '../../scripts/services/gateway.js';
import type { ChatWorld } from './chat-world.js';

/** Why there can be no gateway here, if so. */
export const NO_GATEWAY = findProgram('nginx') === undefined ? 'nginx is not installed' : undefined;

/** The real gateway, nginx with its template, in front of the servers of a world. */
export class WorldGateway {
  readonly origin: string;
  readonly stop: () => Promise<void>;

  private constructor(origin: string, stop: () => Promise<void>) {
    this.origin = origin;
    this.stop = stop;
  }

  static async start(world: ChatWorld): Promise<WorldGateway> {
    const folder = mkdtempSync(join(tmpdir(), 'warren-gateway-'));
    const port = await new PortAllocator().take('gateway', 0);
    const servers = world.servers.map(({ serverId, url }) => ({ name: serverId, address: new URL(url).host }));
    const gateway = createGateway({
      data: join(folder, 'data'),
      logs: join(folder, 'logs'),
      run: join(folder, 'run'),
      port,
      reach: 'loopback',
      template: 'nginx/warren.conf.template',
      servers,
      apis: [{ name: 'api1', address: servers[0]?.address ?? '' }],
    });
    await gateway.start();
    return new WorldGateway(`http://127.0.0.1:${port}`, async () => {
      await gateway.stop();
      rmSync(folder, { recursive: true, force: true });
    });
  }
}
