import type { TeamId, UserId } from '../../../shared/domain/ids.js';
import type { PresenceFrame, PresenceStatus } from '../../../shared/protocol/frames.js';
import { LIMITS } from '../../../shared/protocol/limits.js';

type Users = PresenceFrame['users'];

/** Who is online, as frames; one at least. */
export function snapshotFrames(teamId: TeamId, online: readonly UserId[]): readonly Uint8Array[] {
  const users = online.map((userId) => ({ userId, status: 'online' as const }));
  const parts = split(users);
  return parts.map((part, i) => encode({ type: 'presence', teamId, users: part, snapshot: i < parts.length - 1 ? 'part' : 'last' }));
}

export function changeFrames(teamId: TeamId, changes: ReadonlyMap<UserId, PresenceStatus>): readonly Uint8Array[] {
  const users = [...changes].map(([userId, status]) => ({ userId, status }));
  return split(users).map((part) => encode({ type: 'presence', teamId, users: part }));
}

export function endedFrame(teamId: TeamId): Uint8Array {
  return encode({ type: 'presence', teamId, users: [], ended: true });
}

function split(users: Users): readonly Users[] {
  const parts: Users[] = [users.slice(0, LIMITS.presenceUsers)];
  for (let start = LIMITS.presenceUsers; start < users.length; start += LIMITS.presenceUsers)
    parts.push(users.slice(start, start + LIMITS.presenceUsers));
  return parts;
}

function encode(frame: PresenceFrame): Uint8Array {
  return Buffer.from(JSON.stringify(frame));
}
