import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../../../scripts/cluster/cluster.js';
import { liveProcesses } from '../../../scripts/cluster/pid-file.js';
import { AlreadyRunningError, startCluster } from '../../../scripts/cluster/start.js';
import { renderTable } from '../../../scripts/cluster/table.js';
import { missingPackages } from '../../../scripts/services/packages.js';
import { skippedTitle } from '../../support/products.js';

const missing = missingPackages(['rabbitmq', 'redis', 'mariadb', 'nginx']);

if (missing.length > 0) {
  describe('a cluster', () => it(skippedTitle('starts', `${missing.join(', ')} not installed`)));
} else {
  describe('a cluster', function () {
    this.timeout(120_000);
    const said: string[] = [];
    const listeners = new Set<(line: string) => void>();
    let folder: string;
    let cluster: Cluster;

    const report = (line: string): void => {
      said.push(line);
      for (const listener of listeners) listener(line);
    };

    /** Resolves with the next line that matches. */
    const nextLine = (pattern: RegExp): Promise<string> =>
      new Promise((resolve) => {
        const listener = (line: string): void => {
          if (!pattern.test(line)) return;
          listeners.delete(listener);
          resolve(line);
        };
        listeners.add(listener);
      });

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'warren-cluster-'));
      cluster = await startCluster({ folder, nodes: 2, ports: 'free', runtime: 'source', external: {}, report });
    });

    after(async () => {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('has every process running and ready', async () => {
      const names = liveProcesses(join(folder, 'run')).map(({ name }) => name);
      expect(names).to.include.members(['server1', 'server2', 'api1', 'api2', 'worker1', 'gateway', 'rabbitmq', 'redis', 'mariadb']);
      expect((await fetch(`${cluster.url}/readyz`)).status).to.equal(200);
    });

    it('says how long each step took', () => {
      for (const step of ['start rabbitmq', 'start redis', 'start mariadb', 'start server1', 'start the gateway']) {
        expect(
          said.some((line) => new RegExp(`^ +${step} +\\d+\\.\\d s$`).test(line)),
          step,
        ).to.equal(true);
      }
    });

    it('tells where everything is in a table, with a password that opens the management page', async () => {
      const table = renderTable(cluster);
      expect(table).to.contain(cluster.url).and.to.contain('server1, server2').and.to.contain(folder);
      const [, page, user, password] = /(http:\S+) +user (\S+), password (\S+)/.exec(table) ?? [];
      const authorization = `Basic ${Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64')}`;
      expect((await fetch(`${page ?? ''}api/whoami`, { headers: { authorization } })).status).to.equal(200);
    });

    it('is started once per folder', async () => {
      const error = await startCluster({ folder, ports: 'free', external: {} }).then(
        () => undefined,
        (e: unknown) => e,
      );
      expect(error).to.be.instanceOf(AlreadyRunningError);
    });

    it('has a killed chat server back by itself', async () => {
      const before = cluster.process('server2').pid;
      const back = nextLine(/^server2 is back/);
      cluster.kill('server2', 'SIGKILL');
      await back;
      expect(cluster.process('server2').pid).to.be.a('number').and.not.to.equal(before);
      expect((await fetch(`http://127.0.0.1:${cluster.layout.servers[1]!.port}/readyz`)).status).to.equal(200);
    });

    it('leaves no process behind when it stops', async () => {
      await cluster.stop();
      expect(liveProcesses(join(folder, 'run'))).to.deep.equal([]);
    });
  });
}
