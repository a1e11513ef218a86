import type { TeamId, UserId } from '../../shared/domain/ids.js';
import type { TeamMember } from '../../shared/domain/model.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import type { Caller, UseCaseDeps } from './deps.js';
import { announceLeft, recordMembers, recordTeam } from './membership-change.js';
import { hasOwnerBeside, mayChangeRole, refuseLastOwner, requireTeamMember } from './team-access.js';

type Deps = Pick<UseCaseDeps, 'teams' | 'channels' | 'invalidations' | 'announcer' | 'logger'>;

/** Channels whose members are told at the same time. */
const AT_ONCE = 16;

/**
 * Takes somebody, or oneself, out of a team and all its channels. Removing somebody who is not in it is no error.
 * @throws ChatError NOT_FOUND when the caller is not in the team, FORBIDDEN.
 */
export async function removeTeamMember(
  deps: Deps,
  caller: Caller,
  target: { readonly teamId: TeamId; readonly userId: UserId },
): Promise<void> {
  const { teamId, userId } = target;
  const actor = await requireTeamMember(deps, teamId, caller.userId);
  const current = await deps.teams.member(teamId, userId);
  if (userId !== caller.userId && !mayChangeRole(actor.role, current?.role, undefined)) throw new ChatError('FORBIDDEN');
  if (current === undefined) return;
  if (current.role === 'owner') await refuseLastOwner(deps, teamId, userId);
  await refuseWithoutLog(deps, target);
  const left = await deps.teams.removeMember(teamId, userId);
  await recordMembers(deps, left);
  await recordTeam(deps, teamId);
  for (let start = 0; start < left.length; start += AT_ONCE) {
    await Promise.all(left.slice(start, start + AT_ONCE).map((channelId) => announceLeft(deps, channelId, userId)));
  }
  await keepAnOwner(deps, teamId, current);
}

/** Once removed, nobody knows any more which channels the caches have to forget: so the log has to be there before. */
async function refuseWithoutLog(deps: Deps, target: { readonly teamId: TeamId; readonly userId: UserId }): Promise<void> {
  const channels = await deps.channels.listForUser(target.userId);
  await recordMembers(
    deps,
    channels.filter((channel) => channel.teamId === target.teamId).map((channel) => channel.id),
  );
  await recordTeam(deps, target.teamId);
}

/** Two owners may remove each other at the same time: whoever finds no owner left takes the change back. */
async function keepAnOwner(deps: Deps, teamId: TeamId, removed: TeamMember): Promise<void> {
  if (removed.role !== 'owner' || (await hasOwnerBeside(deps, teamId, removed.userId))) return;
  await deps.teams.putMember(teamId, removed);
  await recordTeam(deps, teamId);
  await refuseLastOwner(deps, teamId, removed.userId);
}
