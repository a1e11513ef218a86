import type { TeamId, UserId } from '../../shared/domain/ids.js';
import type { ChannelMember } from '../../shared/domain/model.js';
import { ChatError } from '../../shared/errors/chat-error.js';
import { isoTime, type UseCaseDeps } from './deps.js';

type Deps = Pick<UseCaseDeps, 'users' | 'teams' | 'clock' | 'settings'>;

/** Those named once, in their order; refuses more than a channel holds before anybody is looked up. @throws ChatError CHANNEL_FULL. */
export function distinctUsers(deps: Pick<Deps, 'settings'>, userIds: readonly UserId[]): readonly UserId[] {
  const distinct = [...new Set(userIds)];
  const limit = deps.settings.maxChannelMembers;
  if (distinct.length > limit) throw new ChatError('CHANNEL_FULL', { details: { limit } });
  return distinct;
}

/**
 * Checks that all of them exist and, for a channel of a team, are in the team.
 * @throws ChatError INVALID_INPUT that names the first one of `userIds` who is not.
 */
export async function requireEligible(deps: Deps, userIds: readonly UserId[], teamId: TeamId | null): Promise<void> {
  const eligible = teamId === null ? await existing(deps, userIds) : await inTeam(deps, userIds, teamId);
  const index = userIds.findIndex((userId) => !eligible.has(userId));
  if (index === -1) return;
  const reason = teamId === null ? 'no such user' : 'not a member of the team';
  throw new ChatError('INVALID_INPUT', { details: { field: `userIds.${index}`, reason } });
}

export function asMember(deps: Pick<Deps, 'clock'>, userId: UserId, role: ChannelMember['role']): ChannelMember {
  return { userId, role, joinedAt: isoTime(deps.clock.now()) };
}

async function existing(deps: Deps, userIds: readonly UserId[]): Promise<ReadonlySet<UserId>> {
  if (userIds.length === 0) return new Set();
  return new Set((await deps.users.findMany([...new Set(userIds)])).map((user) => user.id));
}

async function inTeam(deps: Deps, userIds: readonly UserId[], teamId: TeamId): Promise<ReadonlySet<UserId>> {
  const members = await Promise.all([...new Set(userIds)].map((userId) => deps.teams.member(teamId, userId)));
  return new Set(members.flatMap((member) => (member === undefined ? [] : [member.userId])));
}
