import knex, { type Knex } from 'knex';
import { ChatError } from '../../errors/chat-error.js';
import type { Database } from './database.js';
import { SILENT } from './knex-log.js';
import { runMigrations } from './migrations/index.js';
import { isRetryable, toStoreError } from './sql-errors.js';

const POOL_MAX = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const ACQUIRE_TIMEOUT_MS = 5_000;
/** Longer than any lock wait of the session settings below. */
const WORK_TIMEOUT_MS = 15_000;
const MIGRATION_LOCK_SECONDS = 120;
const TRIES = 4;

const SESSION_SETTINGS = [
  'set names utf8mb4 collate utf8mb4_bin',
  `set session time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 5`,
  'set session transaction isolation level read committed',
];

/** MySQL 8 or MariaDB 10.6 and later. */
export function openMysql(url: string): Database {
  const connection = connectionOf(url);
  const db = open(connection, POOL_MAX);
  const read = <T>(work: (knex: Knex) => Promise<T>): Promise<T> => translated(() => work(db));
  const write = <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> => translated(() => withRetries(() => db.transaction(work)));
  return {
    dialect: 'mysql',
    knex: db,
    read,
    write,
    migrate: () => translated(() => migrate(connection), (MIGRATION_LOCK_SECONDS + 60) * 1_000),
    ping: () =>
      read(async (knex) => {
        await knex.raw('select 1');
      }),
    close: () => db.destroy(),
  };
}

interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

function connectionOf(url: string): Connection {
  const { hostname, port, username, password, pathname } = new URL(url);
  const database = decodeURIComponent(pathname.slice(1));
  if (!/^[\w-]{1,64}$/.test(database)) {
    throw new ChatError('INVALID_INPUT', {
      details: { reason: 'the MySQL URL must end with a database name of letters, digits, - and _' },
    });
  }
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 3306 : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database,
  };
}

function open(connection: Partial<Connection>, poolMax: number): Knex {
  return knex({
    client: 'mysql2',
    compileSqlOnError: false,
    log: SILENT,
    connection: {
      ...connection,
      charset: 'utf8mb4',
      timezone: 'Z',
      connectTimeout: CONNECT_TIMEOUT_MS,
      enableKeepAlive: true,
      supportBigNumbers: true,
    },
    acquireConnectionTimeout: ACQUIRE_TIMEOUT_MS,
    pool: { min: 0, max: poolMax, afterCreate: prepareConnection },
  });
}

interface RawConnection {
  query(sql: string, done: (error: Error | null) => void): void;
}

function prepareConnection(connection: RawConnection, done: (error: Error | null, connection: RawConnection) => void): void {
  const next = (index: number): void => {
    const sql = SESSION_SETTINGS[index];
    if (sql === undefined) {
      done(null, connection);
      return;
    }
    connection.query(sql, (error) => {
      if (error === null) next(index + 1);
      else done(error, connection);
    });
  };
  next(0);
}

/**
 * Under a named lock of the server, because knex's own lock makes late-comers fail instead of wait, and stays behind
 * when its holder dies. Every migration is one statement that may run twice, as DDL cannot be rolled back here.
 */
async function migrate(connection: Connection): Promise<void> {
  await createDatabase(connection);
  const guard = open(connection, 1);
  const db = open(connection, 2);
  try {
    await guard.transaction(async (trx) => {
      const name = `warren:${connection.database}`.slice(0, 64);
      const [rows] = (await trx.raw('select get_lock(?, ?) as held', [name, MIGRATION_LOCK_SECONDS])) as [{ held: number }[]];
      if (rows[0]?.held !== 1) throw new ChatError('UNAVAILABLE', { details: { reason: 'another process is still migrating' } });
      await runMigrations(db, 'mysql');
      await trx.raw('select release_lock(?)', [name]);
    });
  } finally {
    await Promise.all([guard.destroy(), db.destroy()]);
  }
}

async function createDatabase({ database, ...server }: Connection): Promise<void> {
  const db = open(server, 1);
  try {
    const [found] = (await db.raw('show databases like ?', [database.replaceAll('_', '\\_')])) as [unknown[]];
    if (found.length === 0) await db.raw('create database if not exists ?? character set utf8mb4 collate utf8mb4_bin', [database]);
  } finally {
    await db.destroy();
  }
}

async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 0 || !isRetryable(error)) throw error;
    }
  }
}

async function translated<T>(work: () => Promise<T>, timeoutMs = WORK_TIMEOUT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ChatError('UNAVAILABLE', { details: { reason: 'the database did not answer in time' } })),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    throw toStoreError(error);
  } finally {
    clearTimeout(timer);
  }
}
