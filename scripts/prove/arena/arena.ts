import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../../cluster/cluster.js';
import { startCluster, type ClusterOptions } from '../../cluster/start.js';
import { step } from '../../cluster/report.js';
import { loadSecrets, type Secrets } from '../../cluster/secrets.js';
import { checkoutRoot } from '../../cluster/options.js';
import { BrokerAdmin } from './broker-admin.js';
import { ensureBuild } from './build.js';
import { FAKE_TIME } from '../../services/binaries.js';
import { clockFile, fakeTimeEnvironment } from './fake-time.js';
import { TcpProxy } from './tcp-proxy.js';

/** The network of one process: its way to the broker and its way to Redis. */
export interface Lines {
  readonly amqp: TcpProxy;
  readonly redis: TcpProxy;
}

const APIS = ['api1', 'api2'] as const;
const WORKERS = ['worker1'] as const;
/** Limits that protect people are out of the way of a load generator; every guarantee stays on. */
const ENVIRONMENT = { SENDS_PER_SECOND: '100000', REQUESTS_PER_SECOND: '100000', LOG_LEVEL: 'info' };
/** The smallest that is allowed: a slow reader is to be found out within a short run. */
const OUTBOX_BYTES = '262144';

/** A cluster to be broken, with proxies on every line between its processes, and one between it and its clients. */
export class Arena {
  readonly cluster: Cluster;
  readonly lines: ReadonlyMap<string, Lines>;
  readonly entrance: TcpProxy;
  readonly broker: BrokerAdmin;
  readonly secrets: Secrets;
  readonly servers: readonly string[];

  private constructor(parts: { cluster: Cluster; lines: ReadonlyMap<string, Lines>; entrance: TcpProxy; secrets: Secrets }) {
    this.cluster = parts.cluster;
    this.lines = parts.lines;
    this.entrance = parts.entrance;
    this.secrets = parts.secrets;
    const { rabbitmq } = this.cluster.backing;
    if (rabbitmq === undefined) throw new TypeError('the broker must be a private one');
    this.broker = new BrokerAdmin({
      managementUrl: rabbitmq.managementUrl,
      amqpUrl: rabbitmq.url,
      dataFolder: rabbitmq.dataFolder,
      epmdPort: this.cluster.layout.rabbitmq.epmd,
    });
    this.servers = this.cluster.layout.servers.map(({ name }) => name);
  }

  /** Everything in `folder` is deleted first: a run begins with nothing. */
  static async open(options: Pick<ClusterOptions, 'folder' | 'nodes' | 'report' | 'onCreated'> & { folder: string }): Promise<Arena> {
    rmSync(options.folder, { recursive: true, force: true });
    await step(options.report ?? (() => undefined), 'build', () => ensureBuild(checkoutRoot()));
    const secrets = loadSecrets(join(options.folder, 'secrets.json'));
    const servers = Array.from({ length: options.nodes ?? 3 }, (_, n) => `server${n + 1}`);
    const lines = new Map<string, Lines>();
    for (const name of [...servers, ...APIS, ...WORKERS])
      lines.set(name, { amqp: await TcpProxy.listen(), redis: await TcpProxy.listen() });
    const entrance = await TcpProxy.listen();
    const cluster = await startCluster({
      ...options,
      ports: 'free',
      runtime: 'dist',
      external: {},
      environment: { ...ENVIRONMENT, OUTBOX_BYTES },
      processEnvironment: environmentOf(lines, { secrets, folder: options.folder, lastServer: servers.at(-1) ?? '' }),
      onCreated: (created) => {
        for (const { amqp, redis } of lines.values()) {
          amqp.pointAt(created.layout.rabbitmq.amqp);
          redis.pointAt(created.layout.redis);
        }
        options.onCreated?.(created);
      },
    });
    entrance.pointAt(cluster.layout.gateway);
    return new Arena({ cluster, lines, entrance, secrets });
  }

  /** How the load reaches the cluster. */
  get url(): string {
    return `http://127.0.0.1:${this.entrance.port}`;
  }

  linesOf(name: string): Lines {
    const lines = this.lines.get(name);
    if (lines === undefined) throw new TypeError(`no process ${name}`);
    return lines;
  }

  /** The server whose clock can be set. */
  get clockServer(): string {
    return this.servers.at(-1) ?? '';
  }

  get clockFile(): string {
    return clockFile(this.cluster.settings.folder);
  }

  /** The network is good again, everywhere. */
  heal(): void {
    for (const { amqp, redis } of this.lines.values()) {
      for (const proxy of [amqp, redis]) {
        proxy.heal();
        proxy.dropBlackholes();
      }
    }
    this.entrance.heal();
    this.entrance.dropBlackholes();
  }

  async close(): Promise<void> {
    await this.cluster.stop();
    for (const { amqp, redis } of this.lines.values()) await Promise.all([amqp.close(), redis.close()]);
    await this.entrance.close();
  }
}

function environmentOf(
  lines: ReadonlyMap<string, Lines>,
  parts: { readonly secrets: Secrets; readonly folder: string; readonly lastServer: string },
): Record<string, Record<string, string>> {
  const entries = [...lines].map(([name, { amqp, redis }]): [string, Record<string, string>] => [
    name,
    {
      AMQP_URL: `amqp://warren:${parts.secrets.rabbitmqPassword}@127.0.0.1:${amqp.port}`,
      REDIS_URL: `redis://127.0.0.1:${redis.port}/0`,
      ...(name === parts.lastServer && FAKE_TIME !== undefined ? fakeTimeEnvironment(FAKE_TIME, parts.folder) : {}),
    },
  ]);
  return Object.fromEntries(entries);
}
