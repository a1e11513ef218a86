import { CLOSE_CODES } from '../shared/protocol/close-codes.js';

export type StopReason = 'closed' | 'logged-out' | 'revoked' | 'unauthenticated' | 'refused';

/** Where the connection stands. While `draining` everything still works: another server is being moved to. */
export type ConnectionState =
  | { readonly status: 'idle' }
  | { readonly status: 'connecting'; readonly attempt: number; readonly serverId?: string | undefined }
  | { readonly status: 'online'; readonly serverId: string; readonly sessionId: string }
  /** `retryAt` in ms since the epoch. */
  | { readonly status: 'waiting'; readonly retryAt: number; readonly attempt: number }
  | { readonly status: 'draining'; readonly serverId: string; readonly moveAt: number }
  /** `code` is the WebSocket close code, where one was the reason. */
  | { readonly status: 'stopped'; readonly reason: StopReason; readonly code?: number | undefined };

/** The server ended it in good order and others stand ready: nothing is gained by waiting. */
export function isCleanClose(code: number): boolean {
  return code === 1_000 || code === 1_001 || code === 1_012 || code === CLOSE_CODES.DRAINING.code;
}

/** Why a client stays away after a close that it must not answer by reconnecting. */
export function stopReason(code: number): StopReason {
  if (code === CLOSE_CODES.SESSION_REVOKED.code) return 'revoked';
  return code === CLOSE_CODES.UNAUTHENTICATED.code ? 'unauthenticated' : 'refused';
}
