import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';

/** A write waits this long, blocking its process, for the write lock of another process. */
const BUSY_TIMEOUT_MS = 5_000;
/**
 * Messages of many channels land on pages all over the indexes: the more of them one checkpoint writes back together, the
 * less each costs (1,000 pages, the default, halve the inserts per second).
 */
const CHECKPOINT_PAGES = 8_000;
const PAGE_BYTES = 4_096;
const CACHE_KIB = 65_536;
/** Of the schema below; another one is brought up to date when the file is opened. */
const VERSION = 2;

/**
 * One row per message, but for those in `runs` (see MessageRuns). Voided rows (tombstones of messages that lost their client id to another one) are outside the
 * unique key. A fresh message has `updated_id = id` and is found by its primary key, so `messages_updated` holds only those
 * that changed, and a new message costs one index less. `messages_thread` answers "how many comments, and which is the newest" from the index alone.
 */
const SCHEMA = `
  create table if not exists messages (
    channel_id text not null,
    id text not null,
    updated_id text not null,
    prev text not null,
    sender_id text not null,
    client_id text not null,
    created_at text not null,
    content text not null,
    parent_id text,
    edited integer not null,
    edited_id text,
    deleted integer not null,
    voided integer not null,
    mentions text,
    reactions text,
    comments text,
    attachments text,
    primary key (channel_id, id)
  );
  create unique index if not exists messages_client on messages (channel_id, sender_id, client_id) where voided = 0;
  create index if not exists messages_updated on messages (channel_id, updated_id) where updated_id <> id;
  create index if not exists messages_thread on messages (channel_id, parent_id, id)
    where parent_id is not null and deleted = 0 and voided = 0;
  create table if not exists runs (
    channel_id text not null,
    last_id text not null,
    messages integer not null,
    body text not null,
    primary key (channel_id, last_id)
  );
  create table if not exists claims (
    channel_id text not null,
    sender_id text not null,
    head text not null,
    ids text not null,
    primary key (channel_id, sender_id, head)
  ) without rowid;
`;

/** Opens the file, which several processes may share, and creates what is missing. */
export function openMessageDatabase(path: string): Sqlite.Database {
  const file = resolve(path);
  mkdirSync(dirname(file), { recursive: true });
  const db = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  db.pragma('journal_mode = WAL');
  // The archiver commits a few times a second, so a power cut need not cost a single message (docs/adr/0009-append-notes.md).
  db.pragma('synchronous = FULL');
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.pragma(`journal_size_limit = ${2 * CHECKPOINT_PAGES * PAGE_BYTES}`);
  db.pragma(`cache_size = -${CACHE_KIB}`);
  if (!isReady(db)) create(db);
  return db;
}

/** Asked without the write lock: whoever only reads can start while another process writes, or hangs while it does. */
function isReady(db: Sqlite.Database): boolean {
  return db.pragma('user_version', { simple: true }) === VERSION;
}

function create(db: Sqlite.Database): void {
  db.transaction(() => {
    db.exec(SCHEMA);
    addMissingColumn(db);
    db.pragma(`user_version = ${VERSION}`);
  }).immediate();
}

/** Files of before 0.1.0 have no `edited_id`. */
function addMissingColumn(db: Sqlite.Database): void {
  const found = db.prepare(`select 1 from pragma_table_info('messages') where name = 'edited_id'`).get();
  if (found === undefined) db.exec('alter table messages add column edited_id text');
}
