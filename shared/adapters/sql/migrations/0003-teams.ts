import type { Statements } from './column-types.js';

export const createTeams: Statements = ({ id, time, ascii, text, tableOptions }) => [
  `create table if not exists teams (
    id ${id} not null primary key,
    name ${text(255)} not null,
    slug ${text(64)} not null,
    created_by ${id} not null,
    created_at ${time} not null,
    constraint teams_slug unique (slug),
    constraint teams_creator foreign key (created_by) references users (id)
  ) ${tableOptions}`,
  `create table if not exists team_members (
    team_id ${id} not null,
    user_id ${id} not null,
    role ${ascii(16)} not null,
    joined_at ${time} not null,
    primary key (team_id, user_id),
    constraint team_members_by_user unique (user_id, team_id),
    constraint team_members_team foreign key (team_id) references teams (id) on delete cascade,
    constraint team_members_user foreign key (user_id) references users (id) on delete cascade
  ) ${tableOptions}`,
];
