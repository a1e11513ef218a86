import type { SessionId, UserId } from '../../domain/ids.js';
import type { Directory, Route } from '../../ports/index.js';
import type { MemoryInvalidationLog } from './invalidation-log.js';
import { promised } from './promised.js';
import type { MemoryServerRegistry } from './server-registry.js';

const MAX_SESSIONS_PER_USER = 64;

/** The routes of all servers that share this object; as many as those servers have sessions. */
export class MemoryDirectory implements Directory {
  readonly #deps: { readonly registry: MemoryServerRegistry; readonly invalidations: MemoryInvalidationLog };
  readonly #routes = new Map<UserId, Map<SessionId, Route>>();

  constructor(deps: { readonly registry: MemoryServerRegistry; readonly invalidations: MemoryInvalidationLog }) {
    this.#deps = deps;
  }

  register(routes: readonly Route[]): Promise<void> {
    return promised(() => {
      for (const route of routes) this.#put(route);
      this.#record(routes);
    });
  }

  unregister(routes: readonly Route[]): Promise<void> {
    return promised(() => this.#record(routes.filter((route) => this.#remove(route))));
  }

  lookup(userIds: readonly UserId[]): Promise<readonly (readonly Route[])[]> {
    return promised(() => userIds.map((userId) => this.#livingRoutes(userId)));
  }

  #put(route: Route): void {
    const sessions = this.#routes.get(route.userId) ?? new Map<SessionId, Route>();
    this.#routes.set(route.userId, sessions);
    sessions.set(route.sessionId, route);
    for (const oldest of sessions.keys()) {
      if (sessions.size <= MAX_SESSIONS_PER_USER) return;
      sessions.delete(oldest);
    }
  }

  #remove(route: Route): boolean {
    const sessions = this.#routes.get(route.userId);
    const held = sessions?.get(route.sessionId);
    if (held?.serverId !== route.serverId || held.incarnation !== route.incarnation) return false;
    sessions?.delete(route.sessionId);
    if (sessions?.size === 0) this.#routes.delete(route.userId);
    return true;
  }

  #livingRoutes(userId: UserId): readonly Route[] {
    const routes = [...(this.#routes.get(userId)?.values() ?? [])];
    const dead = routes.filter((route) => !this.#deps.registry.isAlive(route));
    if (dead.length === 0) return routes;
    this.#record(dead.filter((route) => this.#remove(route)));
    return routes.filter((route) => !dead.includes(route));
  }

  #record(routes: readonly Route[]): void {
    // It takes them at once and cannot fail.
    void this.#deps.invalidations.record(routes.map(({ userId }) => `user:${userId}`));
  }
}
