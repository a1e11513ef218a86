import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits: too many to guess, so that a plain hash of it may be stored. */
export function makeRefreshToken(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256, hex: what the store knows of a token. */
export function hashRefreshToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
