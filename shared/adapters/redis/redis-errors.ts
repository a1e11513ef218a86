import { ChatError } from '../../errors/chat-error.js';

/** Answers of a Redis that is there but cannot serve now. */
const NOT_NOW = /^(LOADING|BUSY|OOM|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MISCONF|NOREPLICAS|NOSCRIPT|UNBLOCKED)\b/;

/**
 * A driver error as ChatError: UNAVAILABLE for everything that may pass, INTERNAL for a command that Redis refuses. The
 * driver hangs the command with its arguments on its errors; those may be tokens or bodies, so only the message is kept.
 */
export function translateRedisError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const refused = error instanceof Error && error.name === 'ReplyError' && !NOT_NOW.test(message);
  return new ChatError(refused ? 'INTERNAL' : 'UNAVAILABLE', { cause: new Error(message.slice(0, 200)) });
}
