import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembleServer, type ServerPorts } from '../../server/assemble.js';
import type { WebSocketEngineName } from '../../server/transport/websocket/websocket-transport.js';
import { signAccessToken, verifyAccessToken } from '../../shared/adapters/jwt/access-token.js';
import { createMetrics } from '../../shared/adapters/prometheus/metrics.js';
import { openInfrastructure } from '../../shared/composition/infrastructure.js';
import type { ChannelId, DeviceId, ServerId, TeamId, UserId } from '../../shared/domain/ids.js';
import type { Metrics } from '../../shared/ports/index.js';
import { assembleWorker } from '../../worker/assemble.js';
import { eventually } from './eventually.js';
import { Lines } from './lines.js';
import { productUrl } from './products.js';
import { RawClient } from './raw-client.js';
import { SilentLogger } from './silent-logger.js';

export const WORLD_SECRET = randomBytes(32).toString('hex');
const PARTITIONS = 2;
export const PRESENCE_GRACE_MS = 600;

export interface WorldUser {
  readonly userId: UserId;
  readonly name: string;
}

export type Infrastructure = Awaited<ReturnType<typeof openInfrastructure>>;

export interface WorldServer {
  readonly serverId: ServerId;
  readonly url: string;
  readonly metrics: Metrics;
  readonly infrastructure: Infrastructure;
  /** Its network, to be broken. */
  readonly lines: Lines;
  stop(): Promise<void>;
}

export interface WorldWorker {
  readonly lines: Lines;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly servers: number;
  readonly worker?: boolean;
  readonly maxPendingConnections?: number;
  readonly engine?: WebSocketEngineName;
}

/** What a process gets in place of its own. */
type Change = (ports: Infrastructure) => Partial<Omit<ServerPorts, 'metrics'>>;

/** Several chat servers and a worker in this process, on real RabbitMQ and Redis, with names of their own. */
export class ChatWorld {
  readonly servers: WorldServer[] = [];
  readonly #clients: RawClient[] = [];
  readonly #workers: WorldWorker[] = [];
  readonly #prefix = `t${randomUUID().slice(0, 8)}`;
  readonly #folder = mkdtempSync(join(tmpdir(), 'warren-world-'));
  #tools: Infrastructure | undefined;
  #maxPending = 1_000;
  #engine: WebSocketEngineName = 'ws';

  /** For looking into the products, and breaking them. */
  get tools(): Infrastructure {
    if (this.#tools === undefined) throw new TypeError('the world has not started');
    return this.#tools;
  }

  get workers(): readonly WorldWorker[] {
    return this.#workers;
  }

  get prefix(): string {
    return this.#prefix;
  }

  async start(options: WorldOptions): Promise<this> {
    this.#maxPending = options.maxPendingConnections ?? this.#maxPending;
    this.#engine = options.engine ?? this.#engine;
    this.#tools = await this.#open({ amqp: productUrl('amqp') ?? '', redis: productUrl('redis') ?? '' });
    for (let n = 1; n <= options.servers; n++) await this.addServer(`server${n}`);
    if (options.worker !== false) await this.addWorker();
    // What an archiver would find out: nothing has been committed yet.
    else for (let partition = 0; partition < PARTITIONS; partition++) await this.tools.window.markWhole(partition, this.tools.window.epoch);
    await this.whole();
    return this;
  }

  /** Resolves when an archiver has said that nothing is on its way to the store that the window does not hold: now it can be read. */
  async whole(): Promise<void> {
    await eventually(async () => (await this.tools.window.unprovenPartitions()).partitions.length === 0);
  }

  async addServer(name: string, change: Change = () => ({})): Promise<WorldServer> {
    const lines = await Lines.open();
    const infrastructure = await this.#open(lines);
    const serverId = name as ServerId;
    const metrics = createMetrics({ server: name });
    const service = assembleServer(
      { ...infrastructure, ...change(infrastructure), metrics },
      {
        serverId,
        host: '127.0.0.1',
        port: 0,
        publicUrl: `ws://127.0.0.1/ws?server=${name}`,
        region: 'local',
        maxConnections: 1_000,
        maxConnectionsPerAddress: 1_000,
        maxPendingConnections: this.#maxPending,
        leaseMs: 1_500,
        drainMs: 0,
        presenceGraceMs: PRESENCE_GRACE_MS,
        partitions: PARTITIONS,
        websocketEngine: this.#engine,
        heartbeat: { intervalMs: 25_000, timeoutMs: 55_000 },
        sendsPerSecond: 100_000,
        outboxBytes: 4 * 1024 * 1024,
        origins: new Set(['*']),
        verifyToken: (token) => verifyAccessToken(token, WORLD_SECRET, Date.now()),
      },
    );
    await service.start();
    const stop = async (): Promise<void> => {
      await service.stop();
      await infrastructure.service.stop();
      await lines.close();
    };
    const server = { serverId, url: `ws://127.0.0.1:${service.port}/ws`, metrics, infrastructure, lines, stop };
    this.servers.push(server);
    return server;
  }

  async addWorker(change: Change = () => ({})): Promise<WorldWorker> {
    const lines = await Lines.open();
    const infrastructure = await this.#open(lines);
    const worker = assembleWorker(
      { ...infrastructure, ...change(infrastructure), metrics: createMetrics({ worker: '1' }) },
      { host: '127.0.0.1', port: undefined, partitions: PARTITIONS, prefetch: 64 },
    );
    await worker.start();
    const stop = async (): Promise<void> => {
      await worker.stop();
      await infrastructure.service.stop();
      await lines.close();
    };
    this.#workers.push({ lines, stop });
    return { lines, stop };
  }

  async user(name: string): Promise<WorldUser> {
    const userId = this.tools.ids.next() as UserId;
    const username = `${name}-${userId.toLowerCase()}`;
    const createdAt = new Date().toISOString();
    await this.tools.users.create({ id: userId, username, displayName: name, locale: 'en', createdAt, passwordHash: '-' });
    return { userId, name };
  }

  async users<const Names extends readonly string[]>(...names: Names): Promise<{ [K in keyof Names]: WorldUser }> {
    const users: WorldUser[] = [];
    for (const name of names) users.push(await this.user(name));
    return users as { [K in keyof Names]: WorldUser };
  }

  async channel(...users: readonly WorldUser[]): Promise<ChannelId> {
    const id = this.tools.ids.next() as ChannelId;
    const joinedAt = new Date().toISOString();
    const [first] = users as [WorldUser, ...WorldUser[]];
    const channel = { id, kind: 'group' as const, teamId: null, name: 'g', topic: '', createdBy: first.userId, createdAt: joinedAt };
    await this.tools.channels.create(
      channel,
      users.map(({ userId }) => ({ userId, role: 'member', joinedAt })),
    );
    return id;
  }

  /** The first is its owner. */
  async team(...users: readonly WorldUser[]): Promise<TeamId> {
    const id = this.tools.ids.next() as TeamId;
    const joinedAt = new Date().toISOString();
    const [owner, ...others] = users as [WorldUser, ...WorldUser[]];
    await this.tools.teams.create({ id, name: 'team', slug: `team-${id.toLowerCase()}`, createdBy: owner.userId, createdAt: joinedAt });
    for (const { userId } of others) await this.tools.teams.putMember(id, { userId, role: 'member', joinedAt });
    return id;
  }

  token(user: WorldUser, deviceId = this.tools.ids.next() as DeviceId): string {
    return signAccessToken({ userId: user.userId, deviceId }, { secret: WORLD_SECRET, ttlMs: 600_000, now: Date.now() }).token;
  }

  /** An authenticated session on the n-th server (from 0). */
  async connect(user: WorldUser, server: number, deviceId?: DeviceId): Promise<RawClient> {
    const client = await this.open(server);
    client.send({ type: 'connect', version: 1, token: this.token(user, deviceId) });
    await client.next('hello');
    return client;
  }

  /** A connection that has said nothing yet. */
  async open(server: number, protocols: string[] = []): Promise<RawClient> {
    const client = await RawClient.open(this.servers[server]?.url ?? '', { protocols });
    this.#clients.push(client);
    return client;
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close();
    await Promise.all(this.servers.map((server) => server.stop()));
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    await this.#tools?.service.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #open(urls: { readonly amqp: string; readonly redis: string }): Promise<Infrastructure> {
    const config = {
      AMQP_URL: urls.amqp,
      AMQP_PREFIX: this.#prefix,
      REDIS_URL: urls.redis,
      REDIS_PREFIX: `${this.#prefix}:`,
      SQL_URL: `sqlite:${this.#folder}/people.db`,
      MESSAGES_URL: `sqlite:${this.#folder}/messages.db`,
      PARTITIONS,
    };
    return openInfrastructure(config, new SilentLogger());
  }
}
