import { ChatError } from '../../shared/errors/chat-error.js';
import type { ServerChoice } from '../../shared/protocol/http.js';
import { chooseServers } from './choose-servers.js';
import type { UseCaseDeps } from './deps.js';

type Deps = Pick<UseCaseDeps, 'registry' | 'assignments' | 'random' | 'clock' | 'logger' | 'settings'>;

export interface ServerWish {
  readonly region?: string | undefined;
  readonly prefer?: string | undefined;
}

/** The servers to try, best first. @throws ChatError NO_SERVER when there is none, UNAVAILABLE when the registry is away. */
export async function offerServers(deps: Deps, wish: ServerWish): Promise<ServerChoice[]> {
  const servers = await deps.registry.list();
  const now = deps.clock.monotonic();
  const choices = chooseServers(servers, {
    region: wish.region ?? deps.settings.region,
    prefer: wish.prefer,
    recent: deps.assignments.counts(now),
    random: deps.random,
  });
  const best = choices[0];
  if (best === undefined) throw new ChatError('NO_SERVER');
  // A client that stays where it is was counted there already.
  if (best.serverId !== wish.prefer) deps.assignments.add(best.serverId, now);
  return choices;
}

/** The same for a log-in, which succeeds without servers: the client asks again. */
export async function offerServersIfAny(deps: Deps, wish: ServerWish): Promise<ServerChoice[]> {
  try {
    return await offerServers(deps, wish);
  } catch (error) {
    deps.logger.warn({ error }, 'no chat server to offer');
    return [];
  }
}
