import type { DeviceId } from '../../shared/domain/ids.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { Caller, UseCaseDeps } from './deps.js';
import { revokeDevices } from './revoke-devices.js';

type Deps = Pick<UseCaseDeps, 'devices' | 'tickets' | 'bus' | 'registry' | 'confirmations' | 'ids' | 'clock' | 'settings'>;

/** This device; may be repeated with the same token. @throws ChatError UNAVAILABLE when a session may still be open. */
export async function logOutCurrent(deps: Deps, caller: Caller): Promise<void> {
  await logOut(deps, caller, [caller.deviceId]);
}

/** @throws ChatError NOT_FOUND when the caller has no such device (any more). */
export async function logOutDevice(deps: Deps, caller: Caller, deviceId: DeviceId): Promise<void> {
  const device = await deps.devices.findById(deviceId);
  if (device?.userId !== caller.userId) throw new ChatError('NOT_FOUND');
  await logOut(deps, caller, [deviceId]);
}

export async function logOutEverywhere(deps: Deps, caller: Caller): Promise<void> {
  const devices = await deps.devices.listForUser(caller.userId);
  await logOut(deps, caller, [...new Set([caller.deviceId, ...devices.map((device) => device.id)])]);
}

/**
 * Tokens and sessions first, the devices last: when a store or the bus is away nothing is lost, and the client can ask
 * again. A server that does not confirm in time keeps no device alive, but is not kept secret either.
 */
async function logOut(deps: Deps, caller: Caller, deviceIds: readonly DeviceId[]): Promise<void> {
  const confirmed = await revokeDevices(deps, deviceIds);
  await deps.devices.remove(caller.userId, deviceIds);
  if (!confirmed) throw new ChatError('UNAVAILABLE', { details: { reason: 'not every chat server has confirmed' } });
}
