import type { Knex } from 'knex';
import { ChatError } from '../../errors/chat-error.js';
import { openMysql } from './mysql-database.js';
import { openSqlite } from './sqlite-database.js';

export type Dialect = 'mysql' | 'sqlite';

/**
 * A relational database. Stores read and write through it, so that driver errors become {@link ChatError} in one place
 * and every write is a transaction: `BEGIN IMMEDIATE` on SQLite, `READ COMMITTED` with explicit row locks on MySQL.
 */
export interface Database {
  readonly dialect: Dialect;
  /** For what the stores do not offer: doctor, backups, tests. */
  readonly knex: Knex;
  /** Committed data only. */
  read<T>(work: (knex: Knex) => Promise<T>): Promise<T>;
  /** All of `work` or nothing; it may run again after a deadlock, so it must have no effect outside the transaction. */
  write<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T>;
  /** Creates the database if it is missing and brings it to the newest schema; several processes may call it at once. */
  migrate(): Promise<void>;
  /** Rejects with UNAVAILABLE. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Opens `mysql://user:password@host:port/database` or `sqlite:<path>`; connects when it is first used. */
export function openDatabase(url: string): Database {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length));
  if (url.startsWith('mysql:')) return openMysql(url);
  throw new ChatError('INVALID_INPUT', { details: { reason: 'the database URL must start with mysql:// or sqlite:' } });
}
