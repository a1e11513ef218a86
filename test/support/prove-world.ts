import { assembleApi } from '../../api/assemble.js';
import { createAccessTokens, signAccessToken, verifyAccessToken } from '../../shared/adapters/jwt/access-token.js';
import { createMemoryBus } from '../../shared/adapters/memory/bus.js';
import { MemoryChannelStore } from '../../shared/adapters/memory/channel-store.js';
import { MemoryConfirmations } from '../../shared/adapters/memory/confirmations.js';
import { MemoryDeviceStore } from '../../shared/adapters/memory/device-store.js';
import { MemoryDeviceCursors } from '../../shared/adapters/memory/device-cursors.js';
import { MemoryDirectory } from '../../shared/adapters/memory/directory.js';
import { MemoryInvalidationLog } from '../../shared/adapters/memory/invalidation-log.js';
import { MemoryMessageStore } from '../../shared/adapters/memory/message-store.js';
import { createPeopleTables } from '../../shared/adapters/memory/people-tables.js';
import { MemoryRateLimiter } from '../../shared/adapters/memory/rate-limiter.js';
import { MemoryReceiptStore } from '../../shared/adapters/memory/receipt-store.js';
import { MemoryRecentWindow } from '../../shared/adapters/memory/recent-window.js';
import { MemorySequencer } from '../../shared/adapters/memory/sequencer.js';
import { MemoryServerRegistry } from '../../shared/adapters/memory/server-registry.js';
import { MemorySessionOwners } from '../../shared/adapters/memory/session-owners.js';
import { MemoryTeamStore } from '../../shared/adapters/memory/team-store.js';
import { MemoryTicketStore } from '../../shared/adapters/memory/ticket-store.js';
import { MemoryTraceReports } from '../../shared/adapters/memory/trace-reports.js';
import { MemoryUserStore } from '../../shared/adapters/memory/user-store.js';
import { createMetrics } from '../../shared/adapters/prometheus/metrics.js';
import { IdClock, type ChannelId, type DeviceId, type ServerId, type UserId } from '../../shared/domain/ids.js';
import type { User } from '../../shared/domain/model.js';
import { encodeBarrier } from '../../shared/protocol/event-batch.js';
import type { SessionBody } from '../../shared/protocol/http.js';
import { systemClock } from '../../shared/runtime/clock.js';
import type { Service } from '../../shared/runtime/service.js';
import { assembleServer, type ServerPorts } from '../../server/assemble.js';
import type { SeededPeople } from '../../scripts/prove/arena/seed.js';
import { assembleWorker } from '../../worker/assemble.js';
import { Gate } from './gate.js';
import { override } from './override.js';
import { ProveGateway } from './prove-gateway.js';
import { SilentLogger } from './silent-logger.js';

const SECRET = 'a secret of the tests, long enough';
const PARTITIONS = 2;
const TTL_MS = 3_600_000;
/** Devices of a server that stops move within this time. */
const DRAIN_MS = 300;

/** What a mutant makes of the ports of its chat servers. */
export type Mutation = (ports: ServerPorts) => Partial<ServerPorts>;

/** Two chat servers, the API, a worker and a gateway over memory adapters in this process, whose chat servers may lack a guarantee. */
export class ProveWorld {
  readonly people: SeededPeople;
  readonly #ports: ReturnType<typeof createPorts>;
  readonly #servers: (Service & { readonly port: number })[];
  readonly #places = new Map<string, number>();
  readonly #api: Service & { readonly port: number };
  readonly #worker: Service;
  #gateway: ProveGateway | undefined;
  readonly #mutate: Mutation;
  #archived = new Gate();

  private constructor(people: SeededPeople, ports: ReturnType<typeof createPorts>, mutate: Mutation) {
    this.people = people;
    this.#mutate = mutate;
    this.#ports = ports;
    this.#servers = ['server1', 'server2'].map((name) => createServer({ ...ports, ...mutate(ports) }, name as ServerId));
    this.#api = createApi(ports);
    const window = override(ports.window, { markWhole: () => this.#passBarrier() });
    this.#worker = assembleWorker({ ...ports, window }, { host: '', port: undefined, partitions: PARTITIONS, prefetch: 64 });
  }

  /** With everything but the worker: the archive is behind until `archive` is called. */
  static async start(mutate: Mutation): Promise<ProveWorld> {
    const ports = createPorts();
    const world = new ProveWorld(await invite(ports), ports, mutate);
    for (const service of [...world.#servers, world.#api]) await service.start();
    for (const { name, port } of world.#servers) world.#places.set(name, port);
    world.#gateway = new ProveGateway({ api: world.#api.port, servers: world.#places });
    await world.#gateway.start();
    return world;
  }

  get url(): string {
    return this.#gateway?.url ?? '';
  }

  /** As an orderly restart of the n-th server (from 0) goes: its devices move, what is in flight is answered, then it is back. */
  async restart(n: number): Promise<void> {
    const old = this.#servers[n];
    if (old === undefined) throw new TypeError(`no server ${n}`);
    await old.stop();
    const server = createServer({ ...this.#ports, ...this.#mutate(this.#ports) }, old.name as ServerId);
    await server.start();
    this.#servers[n] = server;
    this.#places.set(server.name, server.port);
  }

  /** Resolves when everything that was committed is stored, and everything that the archiver made of it as well. */
  async archive(): Promise<void> {
    await this.#worker.start();
    for (let round = 0; round < 3; round++) {
      for (let partition = 0; partition < PARTITIONS; partition++) {
        this.#archived = new Gate();
        await this.#ports.publisher.commit(partition, encodeBarrier('end'));
        await this.#archived.opened;
      }
    }
  }

  /** The recent window is lost: from now on the API has nothing but the store. */
  loseWindow(): void {
    const empty = new MemoryRecentWindow();
    this.#ports.window.after = (asks) => empty.after(asks);
    this.#ports.window.get = (channelId, ids) => empty.get(channelId, ids);
  }

  async stop(): Promise<void> {
    await this.#gateway?.stop();
    for (const service of [...this.#servers, this.#api, this.#worker]) await service.stop();
  }

  #passBarrier(): Promise<void> {
    this.#archived.open();
    return Promise.resolve();
  }
}

function createPorts() {
  const tables = createPeopleTables();
  const registry = new MemoryServerRegistry();
  const invalidations = new MemoryInvalidationLog();
  return {
    ...createMemoryBus({ partitions: PARTITIONS }),
    sequencer: new MemorySequencer(),
    window: new MemoryRecentWindow(),
    directory: new MemoryDirectory({ registry, invalidations }),
    invalidations,
    registry,
    tickets: new MemoryTicketStore(),
    sessionOwners: new MemorySessionOwners(),
    deviceCursors: new MemoryDeviceCursors(),
    confirmations: new MemoryConfirmations(),
    traces: new MemoryTraceReports(),
    users: new MemoryUserStore(tables),
    devices: new MemoryDeviceStore(tables),
    teams: new MemoryTeamStore(tables),
    channels: new MemoryChannelStore(tables),
    receipts: new MemoryReceiptStore(tables),
    messages: new MemoryMessageStore(),
    ids: new IdClock({ node: 1, now: () => systemClock.now() }),
    clock: systemClock,
    logger: new SilentLogger(),
    metrics: createMetrics({}),
    checks: [],
    onDirectoryLost: () => () => undefined,
  };
}

type Ports = ReturnType<typeof createPorts>;

function createServer(ports: ServerPorts, serverId: ServerId): Service & { readonly port: number } {
  const service = assembleServer(ports, {
    serverId,
    host: '127.0.0.1',
    port: 0,
    publicUrl: `ws://127.0.0.1/ws?server=${serverId}`,
    region: 'local',
    maxConnections: 1_000,
    maxConnectionsPerAddress: 1_000,
    maxPendingConnections: 1_000,
    leaseMs: 60_000,
    drainMs: DRAIN_MS,
    presenceGraceMs: 30_000,
    partitions: PARTITIONS,
    heartbeat: { intervalMs: 25_000, timeoutMs: 55_000 },
    sendsPerSecond: 100_000,
    outboxBytes: 4 * 1024 * 1024,
    origins: new Set(['*']),
    verifyToken: (token) => verifyAccessToken(token, SECRET, Date.now()),
  });
  return service;
}

function createApi(ports: Ports): Service & { readonly port: number } {
  const limit = (): MemoryRateLimiter => new MemoryRateLimiter({ points: 1_000_000, windowMs: 1_000 });
  return assembleApi(
    {
      ...ports,
      passwords: { hash: () => Promise.resolve('-'), verify: () => Promise.resolve(false) },
      accessTokens: createAccessTokens({ secret: SECRET, ttlMs: TTL_MS }),
      rateLimits: { signUp: limit(), logInPerName: limit(), logInPerAddress: limit(), api: limit() },
      readiness: [],
    },
    {
      host: '127.0.0.1',
      port: 0,
      api: {
        ...{ accessTtlMs: TTL_MS, refreshTtlMs: TTL_MS, ticketTtlMs: 30_000, maxChannelMembers: 100 },
        ...{ region: 'local', corsOrigins: [], trustedProxies: 'loopback', adminToken: '' },
      },
    },
  );
}

/** Four people, two of them with two devices, in one group and two direct messages. */
async function invite(ports: Ports): Promise<SeededPeople> {
  const users: User[] = [];
  for (const name of ['ann', 'ben', 'eve', 'kim']) {
    const user = { id: ports.ids.next() as UserId, username: name, displayName: name, locale: 'ko', createdAt: new Date().toISOString() };
    await ports.users.create({ ...user, passwordHash: '-' });
    users.push(user);
  }
  const [ann, ben, eve, kim] = users as [User, User, User, User];
  const channels = await Promise.all([users, [ann, ben], [eve, kim]].map((members) => createChannel(ports, members)));
  const devices = await Promise.all([ann, ann, ben, ben, eve, kim].map((user) => createDevice(ports, user, channels)));
  return { channels, devices };
}

async function createChannel(ports: Ports, members: readonly User[]): Promise<SeededPeople['channels'][number]> {
  const joinedAt = new Date().toISOString();
  const channel = { id: ports.ids.next() as ChannelId, kind: 'group' as const, teamId: null, name: 'g', topic: '', createdAt: joinedAt };
  const createdBy = members[0]?.id as UserId;
  await ports.channels.create(
    { ...channel, createdBy },
    members.map(({ id }) => ({ userId: id, role: 'member' as const, joinedAt })),
  );
  return { id: channel.id, members: members.map(({ id }) => id) };
}

async function createDevice(ports: Ports, user: User, channels: SeededPeople['channels']): Promise<SeededPeople['devices'][number]> {
  const deviceId = ports.ids.next() as DeviceId;
  const createdAt = new Date().toISOString();
  const expiresAt = new Date(Date.now() + TTL_MS).toISOString();
  const device = { id: deviceId, userId: user.id, name: 'prove', createdAt, lastSeenAt: createdAt };
  await ports.devices.create(device, { deviceId, userId: user.id, hash: deviceId, expiresAt });
  const { token } = signAccessToken({ userId: user.id, deviceId }, { secret: SECRET, ttlMs: TTL_MS, now: Date.now() });
  const session: SessionBody = {
    ...{ user, deviceId, accessToken: token, accessExpiresAt: expiresAt, refreshToken: 'none', refreshExpiresAt: expiresAt, servers: [] },
  };
  return { user: user.id, token, session, channels: channels.filter(({ members }) => members.includes(user.id)).map(({ id }) => id) };
}
