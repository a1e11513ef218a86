import { ChatError, toChatError } from '../../shared/errors/chat-error.js';
import type { TicketStore } from '../../shared/ports/index.js';
import { CONNECT_GAP } from '../../shared/routing/batch-gap.js';
import { TurnCalls } from '../../shared/routing/turn-calls.js';
import type { RoutedSession, SessionRoutes } from './session-routes.js';

/** In one batch: when a server is gone, its thousands come to the others within moments. */
const MAX_BATCH = 200;
const MAX_WAITING = 20_000;

/**
 * Those who have said who they are, let in together: their routes are written, and whether their devices were logged out while the access
 * token still holds is asked, both at once and in one write to Redis.
 */
export class Entrance {
  readonly #routes: Pick<SessionRoutes, 'add' | 'remove'>;
  readonly #tickets: Pick<TicketStore, 'revokedAmong'>;
  readonly #batches: TurnCalls<RoutedSession, ChatError | undefined>;

  constructor(deps: { readonly routes: Pick<SessionRoutes, 'add' | 'remove'>; readonly tickets: Pick<TicketStore, 'revokedAmong'> }) {
    this.#routes = deps.routes;
    this.#tickets = deps.tickets;
    this.#batches = new TurnCalls({
      call: (sessions) => this.#admit(sessions),
      maxItems: MAX_BATCH,
      maxWaiting: MAX_WAITING,
      gap: CONNECT_GAP,
    });
  }

  /**
   * Resolves when every later look-up finds the session, or with why it may not come in: SESSION_REVOKED, or UNAVAILABLE where that cannot be
   * said; it has no route then. Rejects with OVERLOADED when too many wait for that.
   */
  admit(session: RoutedSession): Promise<ChatError | undefined> {
    return this.#batches.ask(session);
  }

  async #admit(sessions: readonly RoutedSession[]): Promise<readonly (ChatError | undefined)[]> {
    const devices = sessions.map(({ identity }) => identity.deviceId);
    try {
      const [, revoked] = await Promise.all([this.#routes.add(sessions), this.#tickets.revokedAmong(devices)]);
      return sessions.map((session) =>
        revoked.has(session.identity.deviceId) ? this.#refuse(session, new ChatError('SESSION_REVOKED')) : undefined,
      );
    } catch (error) {
      // Their routes may have been written nevertheless, with only the answer missing.
      return sessions.map((session) => this.#refuse(session, toChatError(error)));
    }
  }

  #refuse(session: RoutedSession, refusal: ChatError): ChatError {
    this.#routes.remove(session);
    return refusal;
  }
}
