import type { DeviceId } from '../../shared/domain/ids.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { SessionBody } from '../../shared/protocol/http.js';
import { isoTime, type UseCaseDeps } from './deps.js';
import { offerServersIfAny } from './offer-servers.js';
import { hashRefreshToken, makeRefreshToken } from './refresh-token.js';
import { revokeDevices } from './revoke-devices.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly deviceName?: string | undefined;
  readonly region?: string | undefined;
  readonly preferServer?: string | undefined;
}

/**
 * A new device with its tokens, and the servers to connect to (none when there is none right now). A wrong name and a
 * wrong password are the same error after the same time.
 * @throws ChatError BAD_CREDENTIALS, RATE_LIMITED (attempts per user name).
 */
export async function logIn(deps: UseCaseDeps, input: Credentials): Promise<SessionBody> {
  await deps.logInsPerName.consume(`name:${input.username}`);
  const known = await deps.users.findCredentials(input.username);
  const right = await deps.passwords.verify(known?.passwordHash, input.password);
  if (known === undefined || !right) throw new ChatError('BAD_CREDENTIALS');

  const now = deps.clock.now();
  const { user } = known;
  const deviceId = deps.ids.next() as DeviceId;
  const refreshToken = makeRefreshToken();
  const refreshExpiresAt = isoTime(now + deps.settings.refreshTtlMs);
  const device = { id: deviceId, userId: user.id, name: input.deviceName ?? '', createdAt: isoTime(now), lastSeenAt: isoTime(now) };
  const token = { deviceId, userId: user.id, hash: hashRefreshToken(refreshToken), expiresAt: refreshExpiresAt };
  const crowdedOut = await deps.devices.create(device, token);
  await revokeCrowdedOut(deps, crowdedOut);

  const access = deps.accessTokens.sign({ userId: user.id, deviceId }, now);
  const servers = await offerServersIfAny(deps, { region: input.region, prefer: input.preferServer });
  const accessExpiresAt = isoTime(access.expiresAt);
  return { user, deviceId, accessToken: access.token, accessExpiresAt, refreshToken, refreshExpiresAt, servers };
}

/** The oldest devices of a user who has too many: their refresh tokens are gone already, so a failure here does not stop the log-in. */
async function revokeCrowdedOut(deps: UseCaseDeps, deviceIds: readonly DeviceId[]): Promise<void> {
  if (deviceIds.length === 0) return;
  try {
    await revokeDevices(deps, deviceIds);
  } catch (error) {
    deps.logger.warn({ error, deviceIds }, 'crowded-out devices not revoked');
  }
}
