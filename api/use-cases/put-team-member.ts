import type { TeamId, UserId } from '../../shared/domain/ids.js';
import type { TeamMember, TeamRole } from '../../shared/domain/model.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import { recordTeam } from './membership-change.js';
import { isoTime, type Caller, type UseCaseDeps } from './deps.js';
import { hasOwnerBeside, mayChangeRole, refuseLastOwner, requireTeamMember } from './team-access.js';

type Deps = Pick<UseCaseDeps, 'teams' | 'users' | 'invalidations' | 'clock'>;

/**
 * Adds somebody to a team or changes their role; repeating it changes nothing.
 * @throws ChatError NOT_FOUND (no such team for the caller, no such user), FORBIDDEN.
 */
export async function putTeamMember(
  deps: Deps,
  caller: Caller,
  input: { readonly teamId: TeamId; readonly userId: UserId; readonly role: TeamRole },
): Promise<TeamMember> {
  const { teamId, userId, role } = input;
  const actor = await requireTeamMember(deps, teamId, caller.userId);
  const current = await deps.teams.member(teamId, userId);
  // Anybody may step down by themselves.
  const stepsDown = userId === caller.userId && actor.role === 'admin' && (role === 'member' || role === 'guest');
  if (!stepsDown && !mayChangeRole(actor.role, current?.role, role)) throw new ChatError('FORBIDDEN');
  if (current === undefined && (await deps.users.findById(userId)) === undefined) {
    throw new ChatError('NOT_FOUND', { details: { field: 'userId' } });
  }
  const member = { userId, role, joinedAt: current?.joinedAt ?? isoTime(deps.clock.now()) };
  if (current?.role === 'owner' && role !== 'owner') await demoteOwner(deps, teamId, { current, next: member });
  else await deps.teams.putMember(teamId, member);
  await recordTeam(deps, teamId);
  return member;
}

/** Two owners may demote each other at the same time: whoever finds no owner left takes the change back. */
async function demoteOwner(deps: Deps, teamId: TeamId, change: { readonly current: TeamMember; readonly next: TeamMember }): Promise<void> {
  const { userId } = change.current;
  await refuseLastOwner(deps, teamId, userId);
  await deps.teams.putMember(teamId, change.next);
  if (await hasOwnerBeside(deps, teamId, userId)) return;
  await deps.teams.putMember(teamId, change.current);
  await recordTeam(deps, teamId);
  await refuseLastOwner(deps, teamId, userId);
}
