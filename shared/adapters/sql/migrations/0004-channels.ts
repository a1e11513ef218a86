import type { Statements } from './column-types.js';

/**
 * `dm_pair` is both user ids of a dm, the smaller one first, so that a pair has one dm; `public_name` is the folded name
 * of a public channel, unique in its team. Both are null elsewhere, and nulls are never equal.
 */
export const createChannels: Statements = ({ id, time, ascii, text, tableOptions }) => [
  `create table if not exists channels (
    id ${id} not null primary key,
    kind ${ascii(16)} not null,
    team_id ${id},
    name ${text(255)} not null,
    topic ${text(1000)} not null,
    created_by ${id} not null,
    created_at ${time} not null,
    dm_pair ${ascii(26)},
    public_name ${text(255)},
    constraint channels_dm_pair unique (dm_pair),
    constraint channels_public_name unique (team_id, public_name),
    constraint channels_team foreign key (team_id) references teams (id),
    constraint channels_creator foreign key (created_by) references users (id)
  ) ${tableOptions}`,
  `create table if not exists channel_members (
    channel_id ${id} not null,
    user_id ${id} not null,
    role ${ascii(16)} not null,
    joined_at ${time} not null,
    primary key (channel_id, user_id),
    constraint channel_members_by_user unique (user_id, channel_id),
    constraint channel_members_channel foreign key (channel_id) references channels (id) on delete cascade,
    constraint channel_members_user foreign key (user_id) references users (id) on delete cascade
  ) ${tableOptions}`,
];
