import type { ChannelId, TeamId, UserId } from '../../domain/ids.js';
import type { Team, TeamMember, TeamRole } from '../../domain/model.js';
import type { TeamStore } from '../../ports/people.js';
import type { Database } from './database.js';

const MAX_TEAMS = 1_000;

interface TeamRow {
  readonly id: TeamId;
  readonly name: string;
  readonly slug: string;
  readonly created_by: UserId;
  readonly created_at: string;
}

interface TeamMemberRow {
  readonly team_id: TeamId;
  readonly user_id: UserId;
  readonly role: TeamRole;
  readonly joined_at: string;
}

export class SqlTeamStore implements TeamStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  create(team: Team): Promise<void> {
    return this.#db.write(async (trx) => {
      const { id, name, slug, createdBy, createdAt } = team;
      await trx('teams').insert({ id, name, slug, created_by: createdBy, created_at: createdAt });
      await trx('team_members').insert({ team_id: id, user_id: createdBy, role: 'owner', joined_at: createdAt });
    });
  }

  async findById(id: TeamId): Promise<Team | undefined> {
    const row = await this.#db.read((knex) => knex<TeamRow>('teams').where('id', id).first());
    return row === undefined ? undefined : toTeam(row);
  }

  async listForUser(userId: UserId): Promise<readonly (Team & { readonly role: TeamRole })[]> {
    const rows = (await this.#db.read((knex) =>
      knex('team_members as m')
        .join('teams as t', 't.id', 'm.team_id')
        .select('t.*', 'm.role')
        .where('m.user_id', userId)
        .orderBy('m.team_id')
        .limit(MAX_TEAMS),
    )) as (TeamRow & { readonly role: TeamRole })[];
    return rows.map((row) => ({ ...toTeam(row), role: row.role }));
  }

  async member(teamId: TeamId, userId: UserId): Promise<TeamMember | undefined> {
    const row = await this.#db.read((knex) => knex<TeamMemberRow>('team_members').where({ team_id: teamId, user_id: userId }).first());
    return row === undefined ? undefined : toTeamMember(row);
  }

  async members(teamId: TeamId, page: { readonly after: UserId | ''; readonly limit: number }): Promise<readonly TeamMember[]> {
    const rows = await this.#db.read((knex) =>
      knex<TeamMemberRow>('team_members').where('team_id', teamId).where('user_id', '>', page.after).orderBy('user_id').limit(page.limit),
    );
    return rows.map(toTeamMember);
  }

  putMember(teamId: TeamId, member: TeamMember): Promise<void> {
    return this.#db.write(async (trx) => {
      await trx('team_members')
        .insert({ team_id: teamId, user_id: member.userId, role: member.role, joined_at: member.joinedAt })
        .onConflict(['team_id', 'user_id'])
        .merge(['role']);
    });
  }

  removeMember(teamId: TeamId, userId: UserId): Promise<readonly ChannelId[]> {
    return this.#db.write(async (trx) => {
      await trx('team_members').where({ team_id: teamId, user_id: userId }).delete();
      const left = (await trx('channel_members as m')
        .join('channels as c', 'c.id', 'm.channel_id')
        .where('c.team_id', teamId)
        .where('m.user_id', userId)
        .pluck('m.channel_id')) as ChannelId[];
      if (left.length > 0) await trx('channel_members').where('user_id', userId).whereIn('channel_id', left).delete();
      return left;
    });
  }
}

function toTeam(row: TeamRow): Team {
  return { id: row.id, name: row.name, slug: row.slug, createdBy: row.created_by, createdAt: row.created_at };
}

function toTeamMember(row: TeamMemberRow): TeamMember {
  return { userId: row.user_id, role: row.role, joinedAt: row.joined_at };
}
