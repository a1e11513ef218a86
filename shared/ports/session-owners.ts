/**
 * Which server holds a session that is made of many requests (SockJS over HTTP), so that a request which reached another
 * server finds its way. An owner is a text of the servers' own. Rejects with UNAVAILABLE.
 */
export interface SessionOwners {
  /** Makes `owner` the session's for `ttlMs`, or renews it; when the session is another's, changes nothing and answers that one. */
  claim(sessionId: string, owner: string, ttlMs: number): Promise<string | undefined>;
  find(sessionId: string): Promise<string | undefined>;
  /** Compare-and-delete. */
  release(sessionId: string, owner: string): Promise<void>;
}
