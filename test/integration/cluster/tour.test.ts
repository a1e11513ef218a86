import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../../../scripts/cluster/cluster.js';
import { startCluster } from '../../../scripts/cluster/start.js';
import { missingPackages } from '../../../scripts/services/packages.js';
import { runTour } from '../../../scripts/tour/tour.js';
import { skippedTitle } from '../../support/products.js';

const missing = missingPackages(['rabbitmq', 'redis', 'mariadb', 'nginx']);

if (missing.length > 0) {
  describe('the tour', () => it(skippedTitle('holds', `${missing.join(', ')} not installed`)));
} else {
  describe('the tour', function () {
    this.timeout(240_000);
    let cluster: Cluster;
    let folder: string;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'warren-tour-'));
      cluster = await startCluster({ folder, nodes: 3, ports: 'free', external: {}, environment: { LOG_LEVEL: 'warn' } });
    });
    after(async () => {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('holds: two servers, a group over three, history, a restart of everything, the death of a server', async () => {
      await runTour(cluster, () => undefined);
    });
  });
}
