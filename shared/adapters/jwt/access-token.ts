import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import jws from 'jws';
import { isId, type DeviceId, type UserId } from '../../domain/ids.js';
import { ChatError } from '../../errors/chat-error.js';

/**
 * Access tokens: JWT, HS256 only, `sub` = user id, `sid` = device id. They are checked without a look-up; who has been
 * logged out is told by {@link TicketStore.revokedAmong}, which the caller asks as well. All times are milliseconds since the Unix epoch.
 */
const ALGORITHM = 'HS256';
const ISSUER = 'warren';

export interface AccessTokenOwner {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
}

/** `expiresAt` is a whole second, because that is what a JWT can say. */
export function signAccessToken(
  owner: AccessTokenOwner,
  options: { readonly secret: string; readonly ttlMs: number; readonly now: number },
): { readonly token: string; readonly expiresAt: number } {
  const iat = Math.floor(options.now / 1000);
  const exp = Math.floor((options.now + options.ttlMs) / 1000);
  const claims = { sub: owner.userId, sid: owner.deviceId, iss: ISSUER, iat, exp };
  return { token: jwt.sign(claims, keyOf(options.secret), { algorithm: ALGORITHM }), expiresAt: exp * 1000 };
}

/** @throws ChatError TOKEN_EXPIRED, or TOKEN_INVALID for everything else that is wrong with it. */
export function verifyAccessToken(token: string, secret: string, now: number): AccessTokenOwner & { readonly expiresAt: number } {
  const { iss, sub, sid, exp, nbf } = readClaims(token, secret);
  if (typeof exp !== 'number' || (nbf !== undefined && !(typeof nbf === 'number' && nbf * 1000 <= now)))
    throw new ChatError('TOKEN_INVALID');
  // Before what else it says: whoever has an old token is to get a new one, whatever tokens say by now.
  if (exp * 1000 <= now) throw new ChatError('TOKEN_EXPIRED');
  if (iss !== ISSUER || !isId(sub) || !isId(sid)) throw new ChatError('TOKEN_INVALID');
  return { userId: sub as UserId, deviceId: sid as DeviceId, expiresAt: exp * 1000 };
}

/**
 * By `jws`, with which `jsonwebtoken` checks signatures itself: what is left of a JWT (RFC 7519 section 7.2) is five comparisons, and takes half of the time.
 * The algorithm is ours and not what the token's header says (RFC 8725 section 3.1). It takes a KeyObject, which its types do not say.
 */
function readClaims(token: string, secret: string): Readonly<Record<string, unknown>> {
  const [, payload, , surplus] = token.split('.', 4);
  try {
    if (payload !== undefined && surplus === undefined && jws.verify(token, ALGORITHM, keyOf(secret) as never)) {
      const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
      if (typeof claims === 'object' && claims !== null) return claims as Readonly<Record<string, unknown>>;
    }
  } catch {
    // No signature, or no JSON.
  }
  throw new ChatError('TOKEN_INVALID');
}

let lastSecret = '';
let lastKey: KeyObject | undefined;

/** Made once: with a bare secret, the library tries to read it as a public key first, at each call, which doubles what a check costs. */
function keyOf(secret: string): KeyObject {
  if (lastKey === undefined || secret !== lastSecret) {
    lastKey = createSecretKey(secret, 'utf8');
    lastSecret = secret;
  }
  return lastKey;
}

/** Both directions with one secret and one life time. */
export function createAccessTokens(options: { readonly secret: string; readonly ttlMs: number }): {
  sign(owner: AccessTokenOwner, now: number): { readonly token: string; readonly expiresAt: number };
  verify(token: string, now: number): AccessTokenOwner & { readonly expiresAt: number };
} {
  return {
    sign: (owner, now) => signAccessToken(owner, { ...options, now }),
    verify: (token, now) => verifyAccessToken(token, options.secret, now),
  };
}
