import { MongoBulkWriteError, MongoError, MongoServerError, type WriteError } from 'mongodb';
import { ChatError } from '../../errors/chat-error.js';
import type { ErrorCode } from '../../errors/codes.js';

export const DUPLICATE_KEY = 11_000;
export const NOT_IMPLEMENTED = 238;
/** MaxTimeMSExpired, WriteConcernFailed, WriteConcernTimeout. */
const LATE = new Set<unknown>([50, 64, 100]);
/** Unauthorized, AuthenticationFailed, and the states of a server that is stepping down, starting or shutting down. */
const DOWN = new Set<unknown>([13, 18, 91, 133, 189, 10_107, 11_600, 11_602, 13_435, 13_436]);
const DOWN_NAME = /^Mongo(Network|ServerSelection|NotConnected|Topology|WaitQueue|PoolClosed|PoolCleared|ServerClosed|ClientClosed)/;

export function toStoreError(error: unknown): ChatError {
  return error instanceof ChatError ? error : new ChatError(errorCodeOf(error), { cause: error });
}

/** The indexes of what was not inserted because its key is taken; throws when anything else went wrong. */
export function duplicatesIn(error: unknown): readonly number[] {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined) throw error;
  const failures: readonly WriteError[] = [error.writeErrors].flat();
  if (failures.some((failure) => failure.code !== DUPLICATE_KEY)) throw error;
  return failures.map((failure) => failure.index);
}

function errorCodeOf(error: unknown): ErrorCode {
  if (!(error instanceof MongoError)) return 'INTERNAL';
  const code = error instanceof MongoServerError ? error.code : undefined;
  if (LATE.has(code)) return 'TIMEOUT';
  if (DOWN.has(code) || DOWN_NAME.test(error.name) || error.hasErrorLabel('RetryableWriteError')) return 'UNAVAILABLE';
  return 'INTERNAL';
}
