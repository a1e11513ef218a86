import type { TeamId, UserId } from '../../../shared/domain/ids.js';
import type { TeamMember } from '../../../shared/domain/model.js';
import { ChatError } from '../../../shared/errors/chat-error.js';
import type { TeamStore } from '../../../shared/ports/index.js';
import type { PresenceStatus } from '../../../shared/protocol/frames.js';
import { LIMITS } from '../../../shared/protocol/limits.js';

export type TeamReader = Pick<TeamStore, 'member' | 'members'>;

/** A session, as presence sees it. */
export interface Watcher {
  readonly identity: { readonly userId: UserId };
  push(frame: Uint8Array): void;
}

/** Who is in a team, as read at one time. */
export interface Membership {
  readonly userIds: ReadonlySet<UserId>;
  readonly guests: ReadonlySet<UserId>;
}

/** One team that sessions of this server watch. */
export interface WatchedTeam {
  readonly id: TeamId;
  /** `asking` whether they may; `new` to it, without a snapshot yet; `told` from then on. */
  readonly watchers: Map<Watcher, 'asking' | 'new' | 'told'>;
  /** Somebody is new. */
  hasNew: boolean;
  userIds: ReadonlySet<UserId>;
  /** `stale`: the members have changed, or were never read. `read`: they are in `fresh`. Nothing is told but while they are `known`. */
  state: 'stale' | 'reading' | 'read' | 'known';
  fresh: Membership | undefined;
  /** Counts the reads: only the last one's answer is taken. */
  reads: number;
  /** Monotonic ms: not read again before; and read again by then, when they are known. */
  readAfter: number;
  /** What the watchers have to be told. */
  readonly changes: Map<UserId, PresenceStatus>;
  /** Monotonic ms; undefined while somebody watches. */
  emptySince: number | undefined;
}

const PAGE = 1_000;

export function newWatchedTeam(id: TeamId): WatchedTeam {
  const parts = { watchers: new Map(), userIds: new Set<UserId>(), changes: new Map(), fresh: undefined, emptySince: undefined };
  return { id, ...parts, state: 'stale', hasNew: false, reads: 0, readAfter: 0 };
}

/** Guests see only what happens in the channels they are in. @throws ChatError NOT_FOUND, FORBIDDEN; UNAVAILABLE */
export async function requireInsider(teams: TeamReader, teamId: TeamId, userId: UserId): Promise<void> {
  const member = await teams.member(teamId, userId);
  if (member === undefined) throw new ChatError('NOT_FOUND');
  if (member.role === 'guest') throw new ChatError('FORBIDDEN', { details: { reason: 'guests may not do this' } });
}

/** At most {@link LIMITS.watchedMembers}. Rejects with UNAVAILABLE. */
export async function readMembership(teams: TeamReader, teamId: TeamId): Promise<Membership> {
  const members: TeamMember[] = [];
  for (let after: UserId | '' = ''; members.length < LIMITS.watchedMembers;) {
    const page: readonly TeamMember[] = await teams.members(teamId, { after, limit: PAGE });
    members.push(...page);
    if (page.length < PAGE) break;
    after = page.at(-1)?.userId ?? after;
  }
  const kept = members.slice(0, LIMITS.watchedMembers);
  const guests = kept.filter(({ role }) => role === 'guest').map(({ userId }) => userId);
  return { userIds: new Set(kept.map(({ userId }) => userId)), guests: new Set(guests) };
}
