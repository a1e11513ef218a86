import type { DeviceId, ServerId } from '../../shared/domain/ids.js';
import type { UseCaseDeps } from './deps.js';

type Deps = Pick<UseCaseDeps, 'tickets' | 'bus' | 'registry' | 'confirmations' | 'ids' | 'clock' | 'settings'>;

/** How long all servers together may take to close the devices' sessions. */
const CONFIRM_MS = 3_000;
/** A server that dies while it is waited for is noticed after this long. */
const RELIST_MS = 500;
/** A refresh may run while its device is being revoked: its access token is remembered as well. */
const MARGIN_MS = 60_000;

/**
 * Ends every access token, ticket and session of the devices; may be repeated. True when every live server has closed
 * their sessions, false when one has not said so in time. @throws ChatError UNAVAILABLE when Redis or the bus is away.
 */
export async function revokeDevices(deps: Deps, deviceIds: readonly DeviceId[]): Promise<boolean> {
  await deps.tickets.revoke(deviceIds, deps.settings.accessTtlMs + MARGIN_MS);
  const confirmation = deps.ids.next();
  // Listed after the revocation: a server that starts later asks for it when a device connects.
  const asked = await liveServers(deps);
  if (asked.length === 0) return true;
  await deps.bus.control({ type: 'revoke', deviceIds, confirmation });
  return waitForAll(deps, confirmation, asked);
}

async function waitForAll(deps: Deps, confirmation: string, asked: readonly ServerId[]): Promise<boolean> {
  const deadline = deps.clock.monotonic() + CONFIRM_MS;
  let waited = asked;
  for (;;) {
    const left = deadline - deps.clock.monotonic();
    if (await deps.confirmations.wait(confirmation, waited, Math.max(1, Math.min(RELIST_MS, left)))) return true;
    const live = new Set(await liveServers(deps));
    waited = waited.filter((serverId) => live.has(serverId));
    if (waited.length === 0) return true;
    if (deps.clock.monotonic() >= deadline) return false;
  }
}

async function liveServers(deps: Deps): Promise<readonly ServerId[]> {
  return (await deps.registry.list()).map((server) => server.serverId);
}
