import type { UserId } from '../../domain/ids.js';
import type { User } from '../../domain/model.js';
import { foldName } from '../../domain/names.js';
import { ChatError } from '../../errors/chat-error.js';
import type { UserStore } from '../../ports/people.js';
import { compareText, type PeopleTables } from './people-tables.js';
import { promised } from './promised.js';

type StoredUser = User & { readonly passwordHash: string };

export class MemoryUserStore implements UserStore {
  readonly #tables: PeopleTables;

  constructor(tables: PeopleTables) {
    this.#tables = tables;
  }

  create(user: StoredUser): Promise<void> {
    return promised(() => {
      if (this.#tables.users.has(user.id)) throw new ChatError('CONFLICT');
      if (this.#byUsername(user.username) !== undefined) throw new ChatError('USERNAME_TAKEN');
      this.#tables.users.set(user.id, user);
    });
  }

  async findById(id: UserId): Promise<User | undefined> {
    return (await this.findMany([id]))[0];
  }

  findMany(ids: readonly UserId[]): Promise<readonly User[]> {
    const wanted = new Set(ids);
    return promised(() => [...this.#tables.users.values()].filter((user) => wanted.has(user.id)).map(toUser));
  }

  findCredentials(username: string): Promise<{ readonly user: User; readonly passwordHash: string } | undefined> {
    const found = this.#byUsername(username);
    return promised(() => found && { user: toUser(found), passwordHash: found.passwordHash });
  }

  search(options: { readonly query: string; readonly cursor: string; readonly limit: number }): Promise<readonly User[]> {
    const prefix = foldName(options.query);
    const matches = (user: User): boolean => user.username.startsWith(prefix) || foldName(user.displayName).startsWith(prefix);
    return promised(() =>
      [...this.#tables.users.values()]
        .filter((user) => user.username > options.cursor && matches(user))
        .sort((a, b) => compareText(a.username, b.username))
        .slice(0, options.limit)
        .map(toUser),
    );
  }

  update(id: UserId, change: { readonly displayName?: string; readonly locale?: string }): Promise<User | undefined> {
    return promised(() => {
      const found = this.#tables.users.get(id);
      if (found === undefined) return undefined;
      const next = { ...found, displayName: change.displayName ?? found.displayName, locale: change.locale ?? found.locale };
      this.#tables.users.set(id, next);
      return toUser(next);
    });
  }

  #byUsername(username: string): StoredUser | undefined {
    return [...this.#tables.users.values()].find((user) => user.username === username);
  }
}

function toUser({ id, username, displayName, locale, createdAt }: StoredUser): User {
  return { id, username, displayName, locale, createdAt };
}
