import type { ChannelId, TeamId, UserId } from '../../domain/ids.js';
import type { Team, TeamMember, TeamRole } from '../../domain/model.js';
import { ChatError } from '../../errors/chat-error.js';
import type { TeamStore } from '../../ports/people.js';
import { compareText, requireParents, type PeopleTables } from './people-tables.js';
import { promised } from './promised.js';

const MAX_TEAMS = 1_000;

export class MemoryTeamStore implements TeamStore {
  readonly #tables: PeopleTables;

  constructor(tables: PeopleTables) {
    this.#tables = tables;
  }

  create(team: Team): Promise<void> {
    return promised(() => {
      const { teams, teamMembers, users } = this.#tables;
      const taken = [...teams.values()].some((other) => other.slug === team.slug);
      if (taken || teams.has(team.id)) throw new ChatError('CONFLICT');
      requireParents(users, [team.createdBy]);
      teams.set(team.id, team);
      teamMembers.set(team.id, new Map([[team.createdBy, { userId: team.createdBy, role: 'owner', joinedAt: team.createdAt }]]));
    });
  }

  findById(id: TeamId): Promise<Team | undefined> {
    return promised(() => this.#tables.teams.get(id));
  }

  listForUser(userId: UserId): Promise<readonly (Team & { readonly role: TeamRole })[]> {
    const roleIn = (team: Team): TeamRole | undefined => this.#membersOf(team.id).get(userId)?.role;
    return promised(() =>
      [...this.#tables.teams.values()]
        .flatMap((team) => {
          const role = roleIn(team);
          return role === undefined ? [] : [{ ...team, role }];
        })
        .sort((a, b) => compareText(a.id, b.id))
        .slice(0, MAX_TEAMS),
    );
  }

  member(teamId: TeamId, userId: UserId): Promise<TeamMember | undefined> {
    return promised(() => this.#membersOf(teamId).get(userId));
  }

  members(teamId: TeamId, page: { readonly after: UserId | ''; readonly limit: number }): Promise<readonly TeamMember[]> {
    return promised(() =>
      [...this.#membersOf(teamId).values()]
        .filter((member) => member.userId > page.after)
        .sort((a, b) => compareText(a.userId, b.userId))
        .slice(0, page.limit),
    );
  }

  putMember(teamId: TeamId, member: TeamMember): Promise<void> {
    return promised(() => {
      requireParents(this.#tables.teams, [teamId]);
      requireParents(this.#tables.users, [member.userId]);
      const members = this.#membersOf(teamId);
      const joinedAt = members.get(member.userId)?.joinedAt ?? member.joinedAt;
      this.#tables.teamMembers.set(teamId, new Map(members).set(member.userId, { ...member, joinedAt }));
    });
  }

  removeMember(teamId: TeamId, userId: UserId): Promise<readonly ChannelId[]> {
    return promised(() => {
      this.#tables.teamMembers.get(teamId)?.delete(userId);
      const channels = [...this.#tables.channels.values()].filter((channel) => channel.teamId === teamId);
      return channels.map((channel) => channel.id).filter((id) => this.#tables.channelMembers.get(id)?.delete(userId) === true);
    });
  }

  #membersOf(teamId: TeamId): ReadonlyMap<UserId, TeamMember> {
    return this.#tables.teamMembers.get(teamId) ?? new Map<UserId, TeamMember>();
  }
}
