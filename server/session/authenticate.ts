import { ChatError } from '../../shared/errors/chat-error.js';
import type { TicketStore } from '../../shared/ports/index.js';
import type { ConnectFrame } from '../../shared/protocol/frames.js';
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.js';
import type { Identity } from './session.js';

export interface AuthenticateDeps {
  readonly tickets: Pick<TicketStore, 'redeem'>;
  /** @throws ChatError TOKEN_EXPIRED, TOKEN_INVALID */
  readonly verifyToken: (token: string) => Identity;
}

/** Who a connect frame speaks for, logged out or not; at once for a token. Throws or rejects with TOKEN_EXPIRED, TOKEN_INVALID, UNSUPPORTED_VERSION or UNAVAILABLE. */
export function authenticate(deps: AuthenticateDeps, frame: ConnectFrame): Identity | Promise<Identity> {
  if (frame.version !== PROTOCOL_VERSION) throw new ChatError('UNSUPPORTED_VERSION', { details: { supported: [PROTOCOL_VERSION] } });
  return frame.token === undefined ? redeem(deps, frame.ticket ?? '') : deps.verifyToken(frame.token);
}

async function redeem(deps: AuthenticateDeps, ticket: string): Promise<Identity> {
  const owner = await deps.tickets.redeem(ticket);
  if (owner === undefined) throw new ChatError('TOKEN_INVALID', { details: { reason: 'ticket is unknown, used or expired' } });
  return owner;
}
