import { ChatError } from '../../shared/errors/chat-error.js';
import type { Caller, UseCaseDeps } from './deps.js';

type Deps = Pick<UseCaseDeps, 'accessTokens' | 'tickets' | 'devices' | 'clock'>;

/** Who holds this access token, logged out or not. @throws ChatError UNAUTHENTICATED, TOKEN_EXPIRED, TOKEN_INVALID. */
export function identify(deps: Pick<Deps, 'accessTokens' | 'clock'>, authorization: string | undefined): Caller {
  const [scheme, token, ...rest] = (authorization ?? '').trim().split(/ +/);
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined || rest.length > 0) throw new ChatError('UNAUTHENTICATED');
  const { userId, deviceId } = deps.accessTokens.verify(token, deps.clock.now());
  return { userId, deviceId };
}

/** @throws ChatError SESSION_REVOKED. */
export async function refuseRevoked(deps: Deps, caller: Caller): Promise<void> {
  if (await isRevoked(deps, caller)) throw new ChatError('SESSION_REVOKED');
}

/** With Redis away the database knows as well: a device that was logged out is not in it. */
async function isRevoked(deps: Deps, caller: Caller): Promise<boolean> {
  try {
    return (await deps.tickets.revokedAmong([caller.deviceId])).has(caller.deviceId);
  } catch {
    return (await deps.devices.findById(caller.deviceId)) === undefined;
  }
}
