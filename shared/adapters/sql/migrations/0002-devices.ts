import type { Statements } from './column-types.js';

/** A device's refresh tokens: the one `is_current`, and earlier ones until they expire, so that their reuse is noticed. */
export const createDevices: Statements = ({ id, time, ascii, text, tableOptions }) => [
  `create table if not exists devices (
    id ${id} not null primary key,
    user_id ${id} not null,
    name ${text(255)} not null,
    created_at ${time} not null,
    last_seen_at ${time} not null,
    constraint devices_by_user unique (user_id, created_at, id),
    constraint devices_user foreign key (user_id) references users (id) on delete cascade
  ) ${tableOptions}`,
  `create table if not exists refresh_tokens (
    hash ${ascii(64)} not null primary key,
    device_id ${id} not null,
    expires_at ${time} not null,
    is_current smallint not null,
    constraint refresh_tokens_by_device unique (device_id, expires_at, hash),
    constraint refresh_tokens_device foreign key (device_id) references devices (id) on delete cascade
  ) ${tableOptions}`,
];
