import type { ServerId, SessionId } from '../../shared/domain/ids.js';
import type { Directory, Logger, Route } from '../../shared/ports/index.js';
import { CONNECT_GAP } from '../../shared/routing/batch-gap.js';
import { TurnBatcher } from '../../shared/routing/turn-batcher.js';
import { TurnCalls } from '../../shared/routing/turn-calls.js';
import type { Identity } from '../session/session.js';

/** Routes that could not be removed while the directory was away, to be removed later; beyond this the oldest is left to the lease. */
const MAX_STALE = 50_000;
/** Routes written again per call after the directory was lost, so that a reconnecting Redis is not flooded. */
const RESTORE_BATCH = 500;
/** In one call: when a server is gone, its thousands come to the others within moments. */
const CALL_ROUTES = 200;
const MAX_ADDING = 20_000;

/** Keeps this server's sessions findable: user → this server, in the directory. */
export class SessionRoutes {
  readonly #deps: { readonly directory: Directory; readonly logger: Logger; readonly serverId: ServerId; readonly incarnation: string };
  readonly #stale = new Map<SessionId, Route>();
  readonly #adding: TurnCalls<Route, undefined>;
  readonly #removing: TurnBatcher<Route>;

  constructor(deps: { readonly directory: Directory; readonly logger: Logger; readonly serverId: ServerId; readonly incarnation: string }) {
    this.#deps = deps;
    this.#adding = new TurnCalls({
      call: (routes) => this.#register(routes),
      maxItems: CALL_ROUTES,
      maxWaiting: MAX_ADDING,
      gap: CONNECT_GAP,
    });
    const unsized = { concurrency: 1, maxItems: CALL_ROUTES, maxSize: Infinity, sizeOf: () => 0, maxWaitingSize: Infinity };
    this.#removing = new TurnBatcher({ ...unsized, flush: (routes) => this.#unregister(routes), maxWaitingItems: MAX_STALE });
  }

  /** Resolves when every later look-up finds the session. Rejects with UNAVAILABLE, or OVERLOADED when too many wait for that. */
  add(sessionId: SessionId, identity: Identity): Promise<void> {
    return this.#adding.ask(this.#route(sessionId, identity));
  }

  /** Never rejects: what cannot be removed now is removed by `removeStale`. */
  remove(sessionId: SessionId, identity: Identity): void {
    const route = this.#route(sessionId, identity);
    if (!this.#removing.add(route)) this.#remember(route);
  }

  async removeStale(): Promise<void> {
    const routes = [...this.#stale.values()].slice(0, RESTORE_BATCH);
    if (routes.length === 0) return;
    await this.#deps.directory.unregister(routes);
    for (const route of routes) this.#stale.delete(route.sessionId);
  }

  /** After the directory came back empty: all sessions again, in bounded steps. */
  async restore(sessions: readonly { readonly id: SessionId; readonly identity: Identity }[]): Promise<void> {
    this.#deps.logger.info({ sessions: sessions.length }, 'registering all sessions again');
    for (let start = 0; start < sessions.length; start += RESTORE_BATCH) {
      await this.#deps.directory.register(
        sessions.slice(start, start + RESTORE_BATCH).map(({ id, identity }) => this.#route(id, identity)),
      );
    }
  }

  async #register(routes: readonly Route[]): Promise<readonly undefined[]> {
    await this.#deps.directory.register(routes);
    return routes.map(() => undefined);
  }

  async #unregister(routes: readonly Route[]): Promise<void> {
    try {
      await this.#deps.directory.unregister(routes);
    } catch {
      for (const route of routes) this.#remember(route);
    }
  }

  #route(sessionId: SessionId, identity: Identity): Route {
    const { serverId, incarnation } = this.#deps;
    const { userId, deviceId } = identity;
    return { userId, deviceId, sessionId, serverId, incarnation };
  }

  #remember(route: Route): void {
    this.#stale.set(route.sessionId, route);
    if (this.#stale.size > MAX_STALE) this.#stale.delete(this.#stale.keys().next().value as SessionId);
  }
}
