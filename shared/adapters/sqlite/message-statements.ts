import type Sqlite from 'better-sqlite3';
import { COLUMNS, PLAIN_COLUMNS, PLAIN_DEFAULTS, type MessageRow } from './message-row.js';

type Values = readonly (string | number | null)[];

/** Every statement of the store, prepared once. */
export interface MessageStatements {
  /** Changes nothing when the id or the client id is taken. */
  readonly insert: Sqlite.Statement<[Values]>;
  /** The same for a message with nothing but its text. */
  readonly insertPlain: Sqlite.Statement<[Values]>;
  readonly replace: Sqlite.Statement<[Values]>;
  readonly find: Sqlite.Statement<[channelId: string, id: string], MessageRow>;
  readonly findMany: Sqlite.Statement<[channelId: string, idsJson: string], MessageRow>;
  readonly findByClient: Sqlite.Statement<[channelId: string, senderId: string, clientId: string], MessageRow>;
  readonly countComments: Sqlite.Statement<[channelId: string, parentId: string], { readonly count: number }>;
  readonly lastComment: Sqlite.Statement<[channelId: string, parentId: string], MessageRow>;
  /** Untouched since their first event, ascending. */
  readonly freshAfter: Sqlite.Statement<[channelId: string, after: string, limit: number], MessageRow>;
  /** Changed since their first event, ascending by the change. */
  readonly changedAfter: Sqlite.Statement<[channelId: string, after: string, limit: number], MessageRow>;
  readonly before: Sqlite.Statement<[channelId: string, after: string, before: string, limit: number], MessageRow>;
  readonly after: Sqlite.Statement<[channelId: string, after: string, before: string, limit: number], MessageRow>;
  readonly lastEvent: Sqlite.Statement<[channelId: string, sameChannelId: string], { readonly id: string }>;
}

const THREAD = 'from messages where channel_id = ? and parent_id = ? and deleted = 0 and voided = 0';
const INSIDE = 'from messages where channel_id = ? and id > ? and id < ? and voided = 0';

export function prepareStatements(db: Sqlite.Database): MessageStatements {
  const columns = COLUMNS.join(', ');
  const values = COLUMNS.map(() => '?').join(', ');
  const plainColumns = [...PLAIN_COLUMNS, ...Object.keys(PLAIN_DEFAULTS)].join(', ');
  const plainValues = [...PLAIN_COLUMNS.map(() => '?'), ...Object.values(PLAIN_DEFAULTS)].join(', ');
  const updates = COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ');
  const insert = `insert into messages (${columns}) values (${values})`;
  const select = `select ${columns}`;
  return {
    insert: db.prepare(`${insert} on conflict do nothing`),
    insertPlain: db.prepare(`insert into messages (${plainColumns}) values (${plainValues}) on conflict do nothing`),
    replace: db.prepare(`${insert} on conflict (channel_id, id) do update set ${updates}`),
    find: db.prepare(`${select} from messages where channel_id = ? and id = ?`),
    findMany: db.prepare(`${select} from messages where channel_id = ? and id in (select value from json_each(?))`),
    findByClient: db.prepare(`${select} from messages where channel_id = ? and sender_id = ? and client_id = ? and voided = 0`),
    countComments: db.prepare(`select count(*) as count ${THREAD}`),
    lastComment: db.prepare(`${select} ${THREAD} order by id desc limit 1`),
    freshAfter: db.prepare(`${select} from messages where channel_id = ? and id > ? and updated_id = id order by id limit ?`),
    changedAfter: db.prepare(
      `${select} from messages where channel_id = ? and updated_id > ? and updated_id <> id order by updated_id, id limit ?`,
    ),
    before: db.prepare(`${select} ${INSIDE} order by id desc limit ?`),
    after: db.prepare(`${select} ${INSIDE} order by id limit ?`),
    lastEvent: db.prepare(
      `select max(
        coalesce((select id from messages where channel_id = ? order by id desc limit 1), ''),
        coalesce((select updated_id from messages where channel_id = ? and updated_id <> id order by updated_id desc limit 1), '')
      ) as id`,
    ),
  };
}
