import type { Statements } from './column-types.js';

/** `display_name_key` is the folded display name, for searching by prefix through an index. */
export const createUsers: Statements = ({ id, time, ascii, text, tableOptions }) => [
  `create table if not exists users (
    id ${id} not null primary key,
    username ${text(32)} not null,
    display_name ${text(255)} not null,
    display_name_key ${text(255)} not null,
    locale ${ascii(16)} not null,
    password_hash ${ascii(255)} not null,
    created_at ${time} not null,
    constraint users_username unique (username),
    constraint users_display_name unique (display_name_key, id)
  ) ${tableOptions}`,
];
