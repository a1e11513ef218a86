import type { TeamId, UserId } from '../../shared/domain/ids.js';
import type { TeamMember, TeamRole } from '../../shared/domain/model.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { UseCaseDeps } from './deps.js';

type Deps = Pick<UseCaseDeps, 'teams'>;

const SCAN_PAGE = 500;

/** The caller's membership. A team is known to its members only. @throws ChatError NOT_FOUND. */
export async function requireTeamMember(deps: Deps, teamId: TeamId, userId: UserId): Promise<TeamMember> {
  const member = await deps.teams.member(teamId, userId);
  if (member === undefined) throw new ChatError('NOT_FOUND');
  return member;
}

/** Guests see and do only what happens in the channels they are in. @throws ChatError FORBIDDEN, NOT_FOUND. */
export async function requireInsider(deps: Deps, teamId: TeamId, userId: UserId): Promise<TeamMember> {
  const member = await requireTeamMember(deps, teamId, userId);
  if (member.role === 'guest') throw new ChatError('FORBIDDEN', { details: { reason: 'guests may not do this' } });
  return member;
}

/**
 * Whether `actor` may turn `current` (undefined: not in the team) into `next` (undefined: removed). Owners may do
 * everything; admins look after members and guests; the others, nothing. Pure.
 */
export function mayChangeRole(actor: TeamRole, current: TeamRole | undefined, next: TeamRole | undefined): boolean {
  if (actor === 'owner') return true;
  return actor === 'admin' && !isStaff(current) && !isStaff(next);
}

export function isStaff(role: TeamRole | undefined): boolean {
  return role === 'owner' || role === 'admin';
}

/** A team always has an owner. @throws ChatError FORBIDDEN when `userId` is the only one. */
export async function refuseLastOwner(deps: Deps, teamId: TeamId, userId: UserId): Promise<void> {
  if (await hasOwnerBeside(deps, teamId, userId)) return;
  throw new ChatError('FORBIDDEN', { details: { reason: 'the last owner can neither leave nor be demoted' } });
}

/** Reads the whole team; only asked when an owner goes. */
export async function hasOwnerBeside(deps: Deps, teamId: TeamId, userId: UserId): Promise<boolean> {
  let after: UserId | '' = '';
  for (;;) {
    const page: readonly TeamMember[] = await deps.teams.members(teamId, { after, limit: SCAN_PAGE });
    if (page.some((member) => member.role === 'owner' && member.userId !== userId)) return true;
    const last = page.at(-1);
    if (last === undefined || page.length < SCAN_PAGE) return false;
    after = last.userId;
  }
}
