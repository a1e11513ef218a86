import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import type { Database as SqliteConnection } from 'better-sqlite3';
import knex, { type Knex } from 'knex';
import type { Database } from './database.js';
import { SILENT } from './knex-log.js';
import { runMigrations } from './migrations/index.js';
import { toStoreError } from './sql-errors.js';

/** A connection waits this long, blocking its process, for the write lock of another process. */
const BUSY_TIMEOUT_MS = 5_000;
const ACQUIRE_TIMEOUT_MS = 10_000;

/**
 * A SQLite file in WAL mode that several processes may share: readers never wait, writers take turns. Each process holds
 * one connection, on which better-sqlite3 runs statements synchronously.
 */
export function openSqlite(path: string): Database {
  const file = resolve(path);
  const db = knex({
    client: ImmediateClient,
    compileSqlOnError: false,
    log: SILENT,
    connection: { filename: file },
    useNullAsDefault: true,
    acquireConnectionTimeout: ACQUIRE_TIMEOUT_MS,
    pool: { min: 1, max: 1, afterCreate: prepareConnection },
  });
  const read = async <T>(work: (knex: Knex) => Promise<T>): Promise<T> => {
    try {
      mkdirSync(dirname(file), { recursive: true });
      return await work(db);
    } catch (error) {
      throw toStoreError(error);
    }
  };
  const write = <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> =>
    inTurn(file, () => read((connection) => connection.transaction(work)));
  return {
    dialect: 'sqlite',
    knex: db,
    read,
    write,
    // The write lock is the migration lock: whoever comes second finds everything done.
    migrate: () => write((trx) => runMigrations(trx, 'sqlite')),
    ping: () =>
      read(async (connection) => {
        await connection.raw('select 1');
      }),
    close: () => db.destroy(),
  };
}

/** Knex's begin is deferred: two readers that then both write would fail at once instead of waiting for each other. */
const Dialect = createRequire(import.meta.url)('knex/lib/dialects/better-sqlite3') as typeof Knex.Client;
class ImmediateClient extends Dialect {
  override query(connection: unknown, query: unknown): unknown {
    return super.query(connection, query === 'BEGIN;' ? 'BEGIN IMMEDIATE;' : query) as unknown;
  }
}

function prepareConnection(connection: SqliteConnection, done: (error: Error | null, connection: SqliteConnection) => void): void {
  try {
    connection.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    done(null, connection);
  } catch (error) {
    done(error as Error, connection);
  }
}

/**
 * Writers of one process take turns here: a knex transaction spans several turns of the event loop, and a second
 * connection that waited for it synchronously would keep it from ever ending.
 */
const turns = new Map<string, Promise<unknown>>();
function inTurn<T>(file: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(file) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(file, mine);
  const leave = (): void => {
    if (turns.get(file) === mine) turns.delete(file);
  };
  mine.then(leave, leave);
  return mine;
}
