import type { Statements } from './column-types.js';

/** How far each user has got in each channel: ids of events, empty for "nothing yet". */
export const createChannelPositions: Statements = ({ id, tableOptions }) => [
  `create table if not exists channel_positions (
    channel_id ${id} not null,
    user_id ${id} not null,
    delivered_id ${id} not null,
    read_id ${id} not null,
    primary key (channel_id, user_id),
    constraint channel_positions_by_user unique (user_id, channel_id),
    constraint channel_positions_channel foreign key (channel_id) references channels (id) on delete cascade,
    constraint channel_positions_user foreign key (user_id) references users (id) on delete cascade
  ) ${tableOptions}`,
];
