import type { DevicesBody } from '../../shared/protocol/http.js';
import type { Caller, UseCaseDeps } from './deps.js';

/** Where the caller is logged in. */
export async function listDevices(deps: Pick<UseCaseDeps, 'devices'>, caller: Caller): Promise<DevicesBody['devices']> {
  const devices = await deps.devices.listForUser(caller.userId);
  return devices.map((device) => ({ ...device, current: device.id === caller.deviceId }));
}
