import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { assembleApi } from '../api/assemble.js';
import { assembleServer } from '../server/assemble.js';
import { Argon2PasswordHasher } from '../shared/adapters/argon2/password-hasher.js';
import { createAccessTokens, verifyAccessToken } from '../shared/adapters/jwt/access-token.js';
import { createMemoryBus } from '../shared/adapters/memory/bus.js';
import { MemoryConfirmations } from '../shared/adapters/memory/confirmations.js';
import { MemoryDeviceCursors } from '../shared/adapters/memory/device-cursors.js';
import { MemoryDirectory } from '../shared/adapters/memory/directory.js';
import { MemoryInvalidationLog } from '../shared/adapters/memory/invalidation-log.js';
import { MemoryRateLimiter } from '../shared/adapters/memory/rate-limiter.js';
import { MemoryRecentWindow } from '../shared/adapters/memory/recent-window.js';
import { MemorySequencer } from '../shared/adapters/memory/sequencer.js';
import { MemoryServerRegistry } from '../shared/adapters/memory/server-registry.js';
import { MemorySessionOwners } from '../shared/adapters/memory/session-owners.js';
import { MemoryTicketStore } from '../shared/adapters/memory/ticket-store.js';
import { MemoryTraceReports } from '../shared/adapters/memory/trace-reports.js';
import { createLogger } from '../shared/adapters/pino/logger.js';
import { createMetrics } from '../shared/adapters/prometheus/metrics.js';
import { SqlChannelStore } from '../shared/adapters/sql/channel-store.js';
import { openDatabase } from '../shared/adapters/sql/database.js';
import { SqlDeviceStore } from '../shared/adapters/sql/device-store.js';
import { SqlReceiptStore } from '../shared/adapters/sql/receipt-store.js';
import { SqlTeamStore } from '../shared/adapters/sql/team-store.js';
import { SqlUserStore } from '../shared/adapters/sql/user-store.js';
import { openSqliteMessageStore } from '../shared/adapters/sqlite/message-store.js';
import { IdClock, type ServerId } from '../shared/domain/ids.js';
import { systemClock } from '../shared/runtime/clock.js';
import { runProcess } from '../shared/runtime/run-process.js';
import { composeServices, type Service } from '../shared/runtime/service.js';
import { assembleWorker } from '../worker/assemble.js';

/**
 * `npm run dev`: every process of Warren in one, over memory and SQLite adapters: nothing has to be installed. People and
 * messages survive a restart, in `.warren/dev`; what is in flight does not, so this is for one developer and no team.
 */
const PARTITIONS = 1;
const HOST = '127.0.0.1';
const SERVER_ID = 'dev' as ServerId;

const { values } = parseArgs({
  options: { port: { type: 'string', default: '8080' }, 'chat-port': { type: 'string', default: '9100' }, data: { type: 'string' } },
});
const port = Number(values.port);
const chatPort = Number(values['chat-port']);
const folder = values.data ?? join('.warren', 'dev');
const logger = createLogger({ level: process.env['LOG_LEVEL'] ?? 'info', fields: { process: 'dev' } });

await runProcess({ compose: composeDev, logger: () => logger });

async function composeDev(): Promise<Service> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ports = await openPorts();
  const services = [
    ports.stores,
    assembleWorker(ports, { host: HOST, port: undefined, partitions: PARTITIONS, prefetch: 64 }),
    createChatServer(ports),
    createApi(ports),
    announce(),
  ];
  return composeServices('dev', services);
}

type DevPorts = Awaited<ReturnType<typeof openPorts>>;

async function openPorts() {
  const database = openDatabase(`sqlite:${join(folder, 'people.db')}`);
  await database.migrate();
  const messages = openSqliteMessageStore(join(folder, 'messages.db'));
  const registry = new MemoryServerRegistry();
  const invalidations = new MemoryInvalidationLog();
  const stop = async (): Promise<void> => {
    await messages.close();
    await database.close();
  };
  return {
    ...createMemoryBus({ partitions: PARTITIONS }),
    stores: { name: 'stores', start: () => Promise.resolve(), stop },
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
    users: new SqlUserStore(database),
    devices: new SqlDeviceStore(database),
    teams: new SqlTeamStore(database),
    channels: new SqlChannelStore(database),
    receipts: new SqlReceiptStore(database),
    messages,
    ids: new IdClock({ node: 0, now: () => systemClock.now() }),
    clock: systemClock,
    logger,
    metrics: createMetrics({ process: 'dev' }),
    checks: [{ name: 'messages', check: () => messages.ping() }],
    // It is in this process: it is lost with its servers only.
    onDirectoryLost: () => () => undefined,
    jwtSecret: loadSecret(),
  };
}

function createChatServer(ports: DevPorts): Service {
  return assembleServer(ports, {
    serverId: SERVER_ID,
    host: HOST,
    port: chatPort,
    publicUrl: `ws://localhost:${chatPort}/ws`,
    region: 'local',
    maxConnections: 1_000,
    maxConnectionsPerAddress: 1_000,
    maxPendingConnections: 1_000,
    leaseMs: 6_000,
    drainMs: 0,
    presenceGraceMs: 30_000,
    partitions: PARTITIONS,
    heartbeat: { intervalMs: 25_000, timeoutMs: 55_000 },
    sendsPerSecond: 50,
    outboxBytes: 4 * 1024 * 1024,
    // The page may come from here or from Vite's own server.
    origins: new Set(['*']),
    verifyToken: (token) => verifyAccessToken(token, ports.jwtSecret, systemClock.now()),
  });
}

function createApi(ports: DevPorts): Service {
  const accessTtlMs = 15 * 60_000;
  const limiter = (points: number, windowMs: number): MemoryRateLimiter => new MemoryRateLimiter({ points, windowMs });
  const webRoot = join('web', 'dist');
  return assembleApi(
    {
      ...ports,
      passwords: new Argon2PasswordHasher(),
      accessTokens: createAccessTokens({ secret: ports.jwtSecret, ttlMs: accessTtlMs }),
      rateLimits: {
        signUp: limiter(1_000, 3_600_000),
        logInPerName: limiter(100, 60_000),
        logInPerAddress: limiter(1_000, 60_000),
        api: limiter(1_000, 10_000),
      },
      readiness: ports.checks,
    },
    {
      host: HOST,
      port,
      api: {
        accessTtlMs,
        refreshTtlMs: 30 * 24 * 3_600_000,
        ticketTtlMs: 30_000,
        maxChannelMembers: 100,
        region: 'local',
        corsOrigins: [],
        trustedProxies: 'loopback',
        adminToken: '',
        webRoot: existsSync(webRoot) ? webRoot : undefined,
      },
    },
  );
}

function announce(): Service {
  const page = existsSync(join('web', 'dist')) ? '' : ' (the page is not built yet: npm run build:web)';
  const start = (): Promise<void> => {
    process.stderr.write(
      `\nWarren is up at http://localhost:${port}${page}, its API at http://localhost:${port}/v1/docs. Ctrl-C stops it.\n\n`,
    );
    return Promise.resolve();
  };
  return { name: 'announcement', start, stop: () => Promise.resolve() };
}

/** Made once, so that devices stay logged in over a restart. */
function loadSecret(): string {
  const path = join(folder, 'jwt-secret');
  if (!existsSync(path)) writeFileSync(path, randomBytes(48).toString('base64url'), { mode: 0o600 });
  return readFileSync(path, 'utf8');
}
