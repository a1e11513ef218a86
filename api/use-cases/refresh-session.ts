import type { DeviceId } from '../../shared/domain/ids.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { SessionBody } from '../../shared/protocol/http.js';
import { isoTime, type UseCaseDeps } from './deps.js';
import { offerServersIfAny } from './offer-servers.js';
import { hashRefreshToken, makeRefreshToken } from './refresh-token.js';
import { revokeDevices } from './revoke-devices.js';

export interface Refresh {
  readonly refreshToken: string;
  readonly region?: string | undefined;
  readonly preferServer?: string | undefined;
}

/**
 * New tokens for old. A refresh token works once: a second use means that two hold it, so the device and all its tokens go.
 * @throws ChatError TOKEN_REUSED, TOKEN_INVALID (unknown, expired, or its device was logged out).
 */
export async function refreshSession(deps: UseCaseDeps, input: Refresh): Promise<SessionBody> {
  const now = deps.clock.now();
  const refreshToken = makeRefreshToken();
  const refreshExpiresAt = isoTime(now + deps.settings.refreshTtlMs);
  const next = { hash: hashRefreshToken(refreshToken), expiresAt: refreshExpiresAt };
  const rotation = await deps.devices.rotate(hashRefreshToken(input.refreshToken), next, isoTime(now));
  if (rotation.status === 'unknown') throw new ChatError('TOKEN_INVALID');
  const { userId, deviceId } = rotation;
  if (rotation.status === 'reused') {
    await revokeReused(deps, deviceId);
    throw new ChatError('TOKEN_REUSED');
  }
  const user = await deps.users.findById(userId);
  if (user === undefined) throw new ChatError('TOKEN_INVALID');
  const access = deps.accessTokens.sign({ userId, deviceId }, now);
  const servers = await offerServersIfAny(deps, { region: input.region, prefer: input.preferServer });
  const accessExpiresAt = isoTime(access.expiresAt);
  return { user, deviceId, accessToken: access.token, accessExpiresAt, refreshToken, refreshExpiresAt, servers };
}

/** The store has removed the device: the answer is the same whether or not its sessions could be told. */
async function revokeReused(deps: UseCaseDeps, deviceId: DeviceId): Promise<void> {
  deps.logger.warn({ deviceId }, 'refresh token used twice');
  try {
    await revokeDevices(deps, [deviceId]);
  } catch (error) {
    deps.logger.error({ error, deviceId }, 'device with a reused token not revoked');
  }
}
