import { openMongoMessageStore } from '../adapters/mongodb/message-store.js';
import { openRabbitMqBus } from '../adapters/rabbitmq/index.js';
import {
  RedisConfirmations,
  RedisConnection,
  RedisDeviceCursors,
  RedisDirectory,
  RedisInvalidationLog,
  RedisLease,
  RedisRecentWindow,
  RedisSequencer,
  RedisServerRegistry,
  RedisSessionOwners,
  RedisTicketStore,
  RedisTraceReports,
} from '../adapters/redis/index.js';
import { SqlChannelStore } from '../adapters/sql/channel-store.js';
import { openDatabase } from '../adapters/sql/database.js';
import { SqlDeviceStore } from '../adapters/sql/device-store.js';
import { SqlReceiptStore } from '../adapters/sql/receipt-store.js';
import { SqlTeamStore } from '../adapters/sql/team-store.js';
import { SqlUserStore } from '../adapters/sql/user-store.js';
import { openSqliteMessageStore } from '../adapters/sqlite/message-store.js';
import { ConfigError } from '../config/define.js';
import { IdClock } from '../domain/ids.js';
import type { Logger, MessageStore } from '../ports/index.js';
import { systemClock } from '../runtime/clock.js';
import { NodeLease } from '../runtime/node-lease.js';
import type { ReadinessCheck } from '../runtime/ops-http.js';
import type { Service } from '../runtime/service.js';

/** The keys of shared/config that every process has. */
export interface InfrastructureConfig {
  readonly AMQP_URL: string;
  readonly AMQP_PREFIX: string;
  readonly REDIS_URL: string;
  readonly REDIS_PREFIX: string;
  readonly SQL_URL: string;
  readonly MESSAGES_URL: string;
  readonly PARTITIONS: number;
}

/**
 * The products behind the ports, opened the same way in every process: connects, migrates, leases a node number.
 * What the answer's `service` holds is stopped last. Rejects with UNAVAILABLE when a product cannot be reached in 30 seconds.
 */
export async function openInfrastructure(config: InfrastructureConfig, logger: Logger) {
  const opened: Service[] = [];
  const open = async <T>(name: string, opening: Promise<T>, close: (value: T) => Promise<void>): Promise<T> => {
    const value = await opening;
    opened.unshift({ name, start: () => Promise.resolve(), stop: () => close(value) });
    return value;
  };
  try {
    const redis = new RedisConnection({ url: config.REDIS_URL, prefix: config.REDIS_PREFIX, logger });
    await open('redis', redis.start(), () => redis.stop());
    const database = await open('sql', openMigrated(config.SQL_URL), (db) => db.close());
    const messages = await open('messages', openMessages(config.MESSAGES_URL), (store) => store.close());
    const { AMQP_URL: url, AMQP_PREFIX: prefix, PARTITIONS: partitions } = config;
    const bus = await open('rabbitmq', openRabbitMqBus({ url, prefix, partitions, logger }), (opening) => opening.close());
    refuseStranded(await bus.stranded(), partitions);
    // One time for all processes: ids are compared across servers, also where they stand in for a memory that Redis has lost.
    const clock = { ...systemClock, now: () => redis.now() };
    const ids = new IdClock({ node: 0, now: () => clock.now() });
    const lease = new RedisLease(redis);
    const nodeLease = new NodeLease({ lease, ids, logger });
    await open('node lease', nodeLease.start(), () => nodeLease.stop());
    const checks: ReadinessCheck[] = [
      { name: 'redis', check: () => redis.ping() },
      { name: 'rabbitmq', check: () => bus.check() },
      { name: 'sql', check: () => database.ping() },
      { name: 'messages', check: () => messages.ping() },
    ];
    return {
      service: stoppedInOrder(opened),
      redis,
      publisher: bus.publisher,
      consumer: bus.consumer,
      sequencer: new RedisSequencer(redis),
      window: new RedisRecentWindow(redis, { partitions }),
      directory: new RedisDirectory(redis, { logger }),
      invalidations: new RedisInvalidationLog(redis),
      registry: new RedisServerRegistry(redis),
      tickets: new RedisTicketStore(redis),
      sessionOwners: new RedisSessionOwners(redis),
      deviceCursors: new RedisDeviceCursors(redis),
      confirmations: new RedisConfirmations(redis),
      traces: new RedisTraceReports(redis),
      users: new SqlUserStore(database),
      devices: new SqlDeviceStore(database),
      teams: new SqlTeamStore(database),
      channels: new SqlChannelStore(database),
      receipts: new SqlReceiptStore(database),
      messages,
      ids,
      clock,
      logger,
      checks,
      onDirectoryLost: (listener: () => void) => redis.onReset(listener),
    };
  } catch (error) {
    await stoppedInOrder(opened).stop();
    throw error;
  }
}

/** @throws ConfigError */
function refuseStranded(batches: number, partitions: number): void {
  if (batches === 0) return;
  const problem = `PARTITIONS is ${partitions}, but ${batches} batches of messages wait in archive queues beyond it, where nobody would store them`;
  throw new ConfigError([`${problem}: start with the number there was before, until these queues are empty`]);
}

async function openMigrated(url: string): Promise<ReturnType<typeof openDatabase>> {
  const database = openDatabase(url);
  try {
    await database.migrate();
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openMessages(url: string): Promise<MessageStore & { close(): Promise<void> }> {
  return Promise.resolve(url.startsWith('sqlite:') ? openSqliteMessageStore(url.slice('sqlite:'.length)) : openMongoMessageStore(url));
}

/** Already running, newest first: stopping goes through them in that order. */
function stoppedInOrder(newestFirst: readonly Service[]): Service {
  const stop = async (): Promise<void> => {
    for (const service of newestFirst) await service.stop();
  };
  return { name: 'infrastructure', start: () => Promise.resolve(), stop };
}
