import type { SessionBody } from '../shared/protocol/http.js';
import { toWarrenError, WarrenError } from './errors.js';
import type { Http } from './http.js';
import type { Keep } from './storage.js';

export interface SessionOptions {
  readonly http: Http;
  readonly keep: Keep;
  readonly now: () => number;
  readonly region?: string | undefined;
  readonly preferServer: () => string | undefined;
  /** The server refused the refresh token: this device is logged out. */
  readonly onRevoked: (error: WarrenError) => void;
  /** Each answer of login and refresh brings a fresh list of servers. */
  readonly onSession: (session: SessionBody) => void;
}

export const SESSION_KEY = 'session';
/** A token is renewed this long before it expires; ms. */
const EARLY_MS = 30_000;

/** This device's login: an access token that is refreshed before it expires, by one request at a time. */
export class Session {
  readonly #options: SessionOptions;
  #body: SessionBody | undefined;
  /** When to renew, by this device's clock; Infinity when that clock is too far off to tell. */
  #renewAt = Infinity;
  #refreshing: Promise<SessionBody> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  get body(): SessionBody | undefined {
    return this.#body;
  }

  set(body: SessionBody): void {
    this.#adopt(body);
    // A clock that is ahead by more than the token's life would renew it before every call: then the server says when.
    if (this.#renewAt <= this.#options.now()) this.#renewAt = Infinity;
    this.#options.keep.set(SESSION_KEY, JSON.stringify(body));
  }

  /** A session of an earlier life; false when it cannot be read. */
  restore(text: string): boolean {
    try {
      const body = JSON.parse(text) as Partial<SessionBody>;
      if (typeof body.refreshToken !== 'string' || typeof body.user?.id !== 'string') return false;
      this.#adopt(body as SessionBody);
      return true;
    } catch {
      return false;
    }
  }

  clear(): void {
    this.#body = undefined;
    this.#refreshing = undefined;
    this.#options.keep.delete(SESSION_KEY);
  }

  /** The server has said that this device is logged out. */
  revoke(error: WarrenError): void {
    if (this.#body === undefined) return;
    this.clear();
    this.#options.onRevoked(error);
  }

  /** A token that should still be good. Rejects with NOT_LOGGED_IN, or as `refresh` does. */
  async token(): Promise<string> {
    if (this.#body === undefined) throw notLoggedIn();
    if (this.#options.now() < this.#renewAt) return this.#body.accessToken;
    return this.refresh(this.#body.accessToken);
  }

  /** A token other than the stale one. Rejects with a temporary error, or with the reason why this device is logged out. */
  async refresh(stale: string): Promise<string> {
    if (this.#body === undefined) throw notLoggedIn();
    if (this.#body.accessToken !== stale) return this.#body.accessToken;
    this.#refreshing ??= this.#requestRefresh(this.#body).finally(() => (this.#refreshing = undefined));
    return (await this.#refreshing).accessToken;
  }

  async #requestRefresh(old: SessionBody): Promise<SessionBody> {
    const { http, region, preferServer } = this.#options;
    const body = { refreshToken: old.refreshToken, region, preferServer: preferServer() };
    try {
      const fresh = await http.call<SessionBody>({ method: 'POST', path: '/v1/sessions/refresh', body, idempotent: false });
      if (this.#body !== old) throw notLoggedIn();
      this.set(fresh);
      return fresh;
    } catch (caught) {
      const error = toWarrenError(caught);
      if (error.status === 401 && this.#body === old) this.revoke(error);
      throw error;
    }
  }

  #adopt(body: SessionBody): void {
    this.#body = body;
    this.#renewAt = Date.parse(body.accessExpiresAt) - EARLY_MS;
    this.#options.onSession(body);
  }
}

function notLoggedIn(): WarrenError {
  return new WarrenError('NOT_LOGGED_IN', 'Nobody is logged in on this device');
}
