import type { UserId } from './ids.js';

/** The form in which names are compared: case does not matter, nor how a character was composed. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** Names one dm: both user ids, the smaller one first; twice the same id for notes to oneself. */
export function dmPairOf(userIds: readonly UserId[]): string {
  const [first, second] = [...userIds].sort();
  return `${first ?? ''}${second ?? first ?? ''}`;
}

/** The other one of a dm; null for notes to oneself. */
export function peerInPair(pair: string, userId: UserId): UserId | null {
  const half = pair.length / 2;
  const peer = pair.startsWith(userId) ? pair.slice(half) : pair.slice(0, half);
  return peer === userId ? null : (peer as UserId);
}
