import { ChatError } from '../../errors/chat-error.js';
import type { ErrorCode } from '../../errors/codes.js';

/** Driver errors, translated in one place. Their text stays in `cause`, their SQL and values do not: logs must not see them. */

const UNIQUE = new Set(['ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY']);
const PARENT = new Set(['ER_NO_REFERENCED_ROW', 'ER_NO_REFERENCED_ROW_2', 'SQLITE_CONSTRAINT_FOREIGNKEY']);
/** Text that the column cannot hold, or an id that is not ASCII: the caller did not validate it. */
const INVALID = new Set(['ER_DATA_TOO_LONG', 'ER_CANT_AGGREGATE_2COLLATIONS', 'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD']);
const RETRY = new Set(['ER_LOCK_DEADLOCK', 'ER_CHECKREAD']);
const DOWN = new Set([
  ...RETRY,
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'ER_ACCESS_DENIED_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_CON_COUNT_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_SERVER_SHUTDOWN',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
]);
const DOWN_SQLITE = /^SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN|FULL|READONLY|NOTADB|CORRUPT)/;
/** tarn and knex give these no code. */
const DOWN_MESSAGE =
  /pool is probably full|timeout acquiring a connection|aborted|closed state|database connection is not open|unable to acquire a connection/i;

export function toStoreError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  return new ChatError(errorCodeOf(error), { cause: withoutStatement(error) });
}

/** A conflict with another transaction: the same work may succeed when it runs again. */
export function isRetryable(error: unknown): boolean {
  return RETRY.has(driverCode(error));
}

/** Whether a CONFLICT is about this unique constraint; `columns` is how SQLite names it: `table.a, table.b`. */
export function isConflictOn(error: unknown, constraint: string, columns: string): boolean {
  if (!(error instanceof ChatError) || error.code !== 'CONFLICT' || !(error.cause instanceof Error)) return false;
  const text = error.cause.message;
  return text.endsWith(`failed: ${columns}`) || text.endsWith(`for key '${constraint}'`) || text.endsWith(`.${constraint}'`);
}

function errorCodeOf(error: unknown): ErrorCode {
  const code = driverCode(error);
  if (UNIQUE.has(code)) return 'CONFLICT';
  if (PARENT.has(code)) return 'NOT_FOUND';
  if (INVALID.has(code)) return 'INVALID_INPUT';
  if (DOWN.has(code) || DOWN_SQLITE.test(code)) return 'UNAVAILABLE';
  return error instanceof Error && DOWN_MESSAGE.test(error.message) ? 'UNAVAILABLE' : 'INTERNAL';
}

function driverCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function withoutStatement(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const text = 'sqlMessage' in error && typeof error.sqlMessage === 'string' ? error.sqlMessage : error.message;
  return Object.assign(new Error(text), { code: driverCode(error) });
}
