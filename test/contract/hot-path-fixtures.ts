import { MemoryConfirmations } from '../../shared/adapters/memory/confirmations.js';
import { MemoryDeviceCursors } from '../../shared/adapters/memory/device-cursors.js';
import { MemoryDirectory } from '../../shared/adapters/memory/directory.js';
import { MemoryInvalidationLog } from '../../shared/adapters/memory/invalidation-log.js';
import { MemoryLease } from '../../shared/adapters/memory/lease.js';
import { MemoryRateLimiter } from '../../shared/adapters/memory/rate-limiter.js';
import { MemoryRecentWindow } from '../../shared/adapters/memory/recent-window.js';
import { MemorySequencer } from '../../shared/adapters/memory/sequencer.js';
import { MemoryServerRegistry } from '../../shared/adapters/memory/server-registry.js';
import { MemorySessionOwners } from '../../shared/adapters/memory/session-owners.js';
import { MemoryTraceReports } from '../../shared/adapters/memory/trace-reports.js';
import { MemoryTicketStore } from '../../shared/adapters/memory/ticket-store.js';
import {
  RedisConfirmations,
  RedisDeviceCursors,
  RedisDirectory,
  RedisInvalidationLog,
  RedisLease,
  RedisRateLimiter,
  RedisRecentWindow,
  RedisSequencer,
  RedisServerRegistry,
  RedisSessionOwners,
  RedisTraceReports,
  RedisTicketStore,
} from '../../shared/adapters/redis/index.js';
import {
  IdClock,
  type ChannelId,
  type ClientId,
  type DeviceId,
  type EventId,
  type ServerId,
  type SessionId,
  type UserId,
} from '../../shared/domain/ids.js';
import type {
  Confirmations,
  DeviceCursors,
  Directory,
  InvalidationLog,
  Lease,
  RateLimiter,
  RecentWindow,
  Route,
  Sequencer,
  ServerInfo,
  ServerRegistry,
  SessionOwners,
  TraceReports,
  TicketStore,
} from '../../shared/ports/index.js';
import { closeTestRedis, openTestRedis } from '../support/private-redis.js';
import { describeWith } from '../support/products.js';
import { SilentLogger } from '../support/silent-logger.js';

export const DEDUPE_TTL_MS = 600_000;

/** The ports that one Redis, or one process' memory, stands behind. Bounds are small, so that tests reach them. */
export interface HotPath {
  readonly sequencer: Sequencer;
  readonly forgetfulSequencer: Sequencer;
  readonly window: RecentWindow;
  readonly directory: Directory;
  readonly log: InvalidationLog;
  readonly registry: ServerRegistry;
  readonly lease: Lease;
  readonly tickets: TicketStore;
  readonly sessionOwners: SessionOwners;
  readonly deviceCursors: DeviceCursors;
  readonly confirmations: Confirmations;
  readonly traces: TraceReports;
  createLimiter(points: number, windowMs: number): RateLimiter;
  close(): Promise<void>;
}

export const WINDOW_BOUNDS = { keepEvents: 40, keepBytes: 4_096 };

export type DescribeHotPath = (name: string, open: () => Promise<HotPath>) => void;

/** Runs a contract over memory and over Redis. */
export function describeHotPath(port: string, describeContract: DescribeHotPath): void {
  describeContract(`${port} over memory`, () => Promise.resolve(openMemory()));
  describeWith('redis', `${port} over redis`, (url) => describeContract('contract', () => openRedis(url)));
}

function openMemory(): HotPath {
  const registry = new MemoryServerRegistry();
  const log = new MemoryInvalidationLog();
  return {
    sequencer: new MemorySequencer({ dedupeTtlMs: DEDUPE_TTL_MS }),
    forgetfulSequencer: new MemorySequencer({ dedupeTtlMs: 1 }),
    window: new MemoryRecentWindow(WINDOW_BOUNDS),
    directory: new MemoryDirectory({ registry, invalidations: log }),
    log,
    registry,
    lease: new MemoryLease(),
    tickets: new MemoryTicketStore(),
    sessionOwners: new MemorySessionOwners(),
    deviceCursors: new MemoryDeviceCursors(),
    confirmations: new MemoryConfirmations(),
    traces: new MemoryTraceReports(),
    createLimiter: (points, windowMs) => new MemoryRateLimiter({ points, windowMs }),
    close: () => Promise.resolve(),
  };
}

async function openRedis(url: string): Promise<HotPath> {
  const redis = await openTestRedis(url);
  return {
    sequencer: new RedisSequencer(redis, { dedupeTtlMs: DEDUPE_TTL_MS }),
    forgetfulSequencer: new RedisSequencer(redis, { dedupeTtlMs: 1 }),
    window: new RedisRecentWindow(redis, WINDOW_BOUNDS),
    directory: new RedisDirectory(redis, { logger: new SilentLogger() }),
    log: new RedisInvalidationLog(redis),
    registry: new RedisServerRegistry(redis),
    lease: new RedisLease(redis),
    tickets: new RedisTicketStore(redis),
    sessionOwners: new RedisSessionOwners(redis),
    deviceCursors: new RedisDeviceCursors(redis),
    confirmations: new RedisConfirmations(redis),
    traces: new RedisTraceReports(redis),
    createLimiter: (points, windowMs) => new RedisRateLimiter(redis, { name: 'test', points, windowMs }),
    close: () => closeTestRedis(redis),
  };
}

const clock = new IdClock({ node: 9, now: Date.now });
export const nextId = (): EventId => clock.next() as EventId;
export const nextUser = (): UserId => clock.next() as UserId;
export const nextDevice = (): DeviceId => clock.next() as DeviceId;
export const nextChannel = (): ChannelId => clock.next() as ChannelId;
export const nextClientId = (): ClientId => `client-${clock.next()}` as ClientId;

export function makeServer(name: string, overrides: Partial<ServerInfo> = {}): ServerInfo {
  return {
    serverId: name as ServerId,
    incarnation: 'first',
    url: `ws://chat.test/ws?server=${name}`,
    region: 'seoul',
    connections: 12,
    maxConnections: 1_000,
    load: 0.25,
    draining: false,
    ...overrides,
  };
}

export function makeRoute(userId: UserId, server: ServerInfo, session = `session-${clock.next()}`): Route {
  const { serverId, incarnation } = server;
  return { userId, deviceId: nextDevice(), sessionId: session as SessionId, serverId, incarnation };
}

const UNTIL_MS = 10_000;

/** Asks until the answer is as wanted; fails after ten seconds. */
export async function until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + UNTIL_MS;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
