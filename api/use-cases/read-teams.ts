import type { TeamId, UserId } from '../../shared/domain/ids.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { TeamBody, TeamListBody, TeamMembersBody } from '../../shared/protocol/http.js';
import type { Caller, UseCaseDeps } from './deps.js';
import { requireInsider, requireTeamMember } from './team-access.js';

type Deps = Pick<UseCaseDeps, 'teams'>;

export async function listTeams(deps: Deps, caller: Caller): Promise<TeamListBody['teams']> {
  return deps.teams.listForUser(caller.userId);
}

/** @throws ChatError NOT_FOUND when the caller is not in it. */
export async function getTeam(deps: Deps, caller: Caller, teamId: TeamId): Promise<TeamBody['team']> {
  const { role } = await requireTeamMember(deps, teamId, caller.userId);
  const team = await deps.teams.findById(teamId);
  if (team === undefined) throw new ChatError('NOT_FOUND');
  return { ...team, role };
}

/** A page by user id. @throws ChatError NOT_FOUND, FORBIDDEN for guests. */
export async function listTeamMembers(
  deps: Deps,
  caller: Caller,
  page: { readonly teamId: TeamId; readonly after: string; readonly limit: number },
): Promise<TeamMembersBody> {
  await requireInsider(deps, page.teamId, caller.userId);
  const members = await deps.teams.members(page.teamId, { after: page.after as UserId | '', limit: page.limit });
  return { members, next: members.length === page.limit ? (members.at(-1)?.userId ?? null) : null };
}
