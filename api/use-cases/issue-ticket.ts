import { randomBytes } from 'node:crypto';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { TicketBody } from '../../shared/protocol/http.js';
import { isoTime, type Caller, type UseCaseDeps } from './deps.js';

/**
 * A single-use ticket for the caller's device to connect with. The device is looked up where it cannot have been
 * forgotten: a ticket opens a session that outlives the access token. @throws ChatError SESSION_REVOKED.
 */
export async function issueTicket(
  deps: Pick<UseCaseDeps, 'devices' | 'tickets' | 'clock' | 'settings'>,
  caller: Caller,
): Promise<TicketBody> {
  if ((await deps.devices.findById(caller.deviceId)) === undefined) throw new ChatError('SESSION_REVOKED');
  const ticket = randomBytes(24).toString('base64url');
  const { ticketTtlMs } = deps.settings;
  await deps.tickets.issue(ticket, caller, ticketTtlMs);
  return { ticket, expiresAt: isoTime(deps.clock.now() + ticketTtlMs) };
}
