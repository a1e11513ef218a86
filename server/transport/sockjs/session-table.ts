import type { Logger, SessionOwners } from '../../../shared/ports/index.js';
import type { AcceptCarrier } from '../connection.js';
import type { Door } from '../door.js';
import { SockJsHttpSession, type SessionTimes } from './http-session.js';

/** How long a session stays this server's in the eyes of the others, and how often that is renewed; ms. */
const CLAIM_MS = 600_000;
const RENEW_MS = 120_000;

export interface SessionTableOptions {
  /** Before every session id, for the others: one service's sessions are not another's. */
  readonly prefix: string;
  readonly accept: AcceptCarrier;
  readonly door: Door;
  readonly owners: SessionOwners;
  /** `<internal URL> <incarnation>` of this server. */
  readonly self: () => string;
  readonly times: SessionTimes;
  readonly logger: Logger;
}

/** The sessions over HTTP that this server holds, each claimed for it before it begins. */
export class SessionTable {
  readonly #options: SessionTableOptions;
  readonly #sessions = new Map<string, SockJsHttpSession>();

  constructor(options: SessionTableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get(sessionId: string): SockJsHttpSession | undefined {
    return this.#sessions.get(sessionId);
  }

  /** Undefined when the session is this server's now, else its owner. Rejects with UNAVAILABLE. */
  claim(sessionId: string): Promise<string | undefined> {
    return this.#options.owners.claim(this.#key(sessionId), this.#options.self(), CLAIM_MS);
  }

  /** Rejects with UNAVAILABLE. */
  findOwner(sessionId: string): Promise<string | undefined> {
    return this.#options.owners.find(this.#key(sessionId));
  }

  /** A session that has been claimed. */
  create(sessionId: string, remoteAddress: string): SockJsHttpSession {
    const { accept, door, times } = this.#options;
    let claimedAt = performance.now();
    const onHeartbeat = (): void => {
      if (performance.now() - claimedAt < RENEW_MS) return;
      claimedAt = performance.now();
      this.#quietly(this.claim(sessionId));
    };
    const onGone = (): void => this.#forget(sessionId, remoteAddress);
    const session = new SockJsHttpSession({ remoteAddress, times, onHeartbeat, onGone });
    this.#sessions.set(sessionId, session);
    door.enter(remoteAddress);
    session.handler = accept(session);
    return session;
  }

  /** A claim that led to no session. */
  release(sessionId: string): void {
    this.#quietly(this.#options.owners.release(this.#key(sessionId), this.#options.self()));
  }

  /** The claims stay until they lapse: other servers tell the clients that their sessions are lost. */
  stop(): void {
    for (const session of this.#sessions.values()) session.drop();
    this.#sessions.clear();
  }

  #forget(sessionId: string, remoteAddress: string): void {
    this.#sessions.delete(sessionId);
    this.#options.door.leave(remoteAddress);
    this.release(sessionId);
  }

  #quietly(done: Promise<unknown>): void {
    done.catch((error: unknown) => this.#options.logger.warn({ error }, 'sockjs session claim not written'));
  }

  #key(sessionId: string): string {
    return `${this.#options.prefix}/${sessionId}`;
  }
}
