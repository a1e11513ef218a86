import type { ServerId, SessionId } from '../../shared/domain/ids.js';
import type { Directory, Logger, Route } from '../../shared/ports/index.js';
import { TurnBatcher } from '../../shared/routing/turn-batcher.js';
import type { Identity } from '../session/session.js';

/** Routes that could not be removed while the directory was away, to be removed later; beyond this the oldest is left to the lease. */
const MAX_STALE = 50_000;
/** Routes written again per call after the directory was lost, so that a reconnecting Redis is not flooded. */
const RESTORE_BATCH = 500;
const REMOVE_BATCH = 200;

/** What a route is made of. */
export interface RoutedSession {
  readonly id: SessionId;
  readonly identity: Identity;
}

/** Keeps this server's sessions findable: user → this server, in the directory. */
export class SessionRoutes {
  readonly #deps: { readonly directory: Directory; readonly logger: Logger; readonly serverId: ServerId; readonly incarnation: string };
  readonly #stale = new Map<SessionId, Route>();
  readonly #removing: TurnBatcher<Route>;

  constructor(deps: { readonly directory: Directory; readonly logger: Logger; readonly serverId: ServerId; readonly incarnation: string }) {
    this.#deps = deps;
    const unsized = { concurrency: 1, maxItems: REMOVE_BATCH, maxSize: Infinity, sizeOf: () => 0, maxWaitingSize: Infinity };
    this.#removing = new TurnBatcher({ ...unsized, flush: (routes) => this.#unregister(routes), maxWaitingItems: MAX_STALE });
  }

  /** Resolves when every later look-up finds the sessions. Rejects with UNAVAILABLE. */
  add(sessions: readonly RoutedSession[]): Promise<void> {
    return this.#deps.directory.register(sessions.map((session) => this.#route(session)));
  }

  /** Never rejects: what cannot be removed now is removed by `removeStale`. */
  remove(session: RoutedSession): void {
    const route = this.#route(session);
    if (!this.#removing.add(route)) this.#remember(route);
  }

  async removeStale(): Promise<void> {
    const routes = [...this.#stale.values()].slice(0, RESTORE_BATCH);
    if (routes.length === 0) return;
    await this.#deps.directory.unregister(routes);
    for (const route of routes) this.#stale.delete(route.sessionId);
  }

  /** After the directory came back empty: all sessions again, in bounded steps. */
  async restore(sessions: readonly RoutedSession[]): Promise<void> {
    this.#deps.logger.info({ sessions: sessions.length }, 'registering all sessions again');
    for (let start = 0; start < sessions.length; start += RESTORE_BATCH) {
      await this.add(sessions.slice(start, start + RESTORE_BATCH));
    }
  }

  async #unregister(routes: readonly Route[]): Promise<void> {
    try {
      await this.#deps.directory.unregister(routes);
    } catch {
      for (const route of routes) this.#remember(route);
    }
  }

  #route({ id, identity }: RoutedSession): Route {
    const { serverId, incarnation } = this.#deps;
    const { userId, deviceId } = identity;
    return { userId, deviceId, sessionId: id, serverId, incarnation };
  }

  #remember(route: Route): void {
    this.#stale.set(route.sessionId, route);
    if (this.#stale.size > MAX_STALE) this.#stale.delete(this.#stale.keys().next().value as SessionId);
  }
}
