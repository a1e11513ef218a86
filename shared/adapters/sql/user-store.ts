import type { UserId } from '../../domain/ids.js';
import type { User } from '../../domain/model.js';
import { foldName } from '../../domain/names.js';
import { ChatError } from '../../errors/chat-error.js';
import type { UserStore } from '../../ports/people.js';
import type { Database } from './database.js';
import { isConflictOn } from './sql-errors.js';

interface UserRow {
  readonly id: UserId;
  readonly username: string;
  readonly display_name: string;
  readonly locale: string;
  readonly created_at: string;
}

/** Without the password's hash, which only a login reads. */
const COLUMNS: readonly (keyof UserRow)[] = ['id', 'username', 'display_name', 'locale', 'created_at'];

export class SqlUserStore implements UserStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async create(user: User & { readonly passwordHash: string }): Promise<void> {
    const row = {
      id: user.id,
      username: user.username,
      display_name: user.displayName,
      display_name_key: foldName(user.displayName),
      locale: user.locale,
      password_hash: user.passwordHash,
      created_at: user.createdAt,
    };
    try {
      await this.#db.write((trx) => trx('users').insert(row));
    } catch (error) {
      throw isConflictOn(error, 'users_username', 'users.username') ? new ChatError('USERNAME_TAKEN', { cause: error }) : error;
    }
  }

  async findById(id: UserId): Promise<User | undefined> {
    return (await this.findMany([id]))[0];
  }

  async findMany(ids: readonly UserId[]): Promise<readonly User[]> {
    if (ids.length === 0) return [];
    const rows = await this.#db.read((knex) =>
      knex<UserRow>('users')
        .select(...COLUMNS)
        .whereIn('id', ids),
    );
    return rows.map(toUser);
  }

  async findCredentials(username: string): Promise<{ readonly user: User; readonly passwordHash: string } | undefined> {
    const row = await this.#db.read((knex) =>
      knex<UserRow & { readonly password_hash: string }>('users')
        .first(...COLUMNS, 'password_hash')
        .where('username', username),
    );
    return row === undefined ? undefined : { user: toUser(row), passwordHash: row.password_hash };
  }

  async search(options: { readonly query: string; readonly cursor: string; readonly limit: number }): Promise<readonly User[]> {
    const prefix = foldName(options.query);
    const pageBy = (column: string): Promise<UserRow[]> =>
      this.#db.read((knex) =>
        knex<UserRow>('users')
          .select(...COLUMNS)
          .whereBetween(column, [prefix, endOfPrefix(prefix)])
          .where('username', '>', options.cursor)
          .orderBy('username')
          .limit(options.limit),
      );
    // Two index ranges instead of one OR, which would scan every user.
    const [byUsername, byDisplayName] = await Promise.all([pageBy('username'), prefix === '' ? [] : pageBy('display_name_key')]);
    const rows = new Map([...byUsername, ...byDisplayName].map((row) => [row.username, row]));
    return [...rows.values()]
      .sort((a, b) => (a.username < b.username ? -1 : 1))
      .slice(0, options.limit)
      .map(toUser);
  }

  async update(id: UserId, change: { readonly displayName?: string; readonly locale?: string }): Promise<User | undefined> {
    const columns = {
      ...(change.displayName === undefined ? {} : { display_name: change.displayName, display_name_key: foldName(change.displayName) }),
      ...(change.locale === undefined ? {} : { locale: change.locale }),
    };
    const row = await this.#db.write(async (trx) => {
      if (Object.keys(columns).length > 0) await trx('users').where('id', id).update(columns);
      return trx<UserRow>('users')
        .where('id', id)
        .first(...COLUMNS);
    });
    return row === undefined ? undefined : toUser(row);
  }
}

/** The largest string that starts with `prefix`. */
function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}

function toUser(row: UserRow): User {
  return { id: row.id, username: row.username, displayName: row.display_name, locale: row.locale, createdAt: row.created_at };
}
