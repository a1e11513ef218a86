import { join } from 'node:path';
import type { Cluster } from '../../scripts/cluster/cluster.js';
import { loadSecrets } from '../../scripts/cluster/secrets.js';
import { signAccessToken } from '../../shared/adapters/jwt/access-token.js';
import { SqlChannelStore } from '../../shared/adapters/sql/channel-store.js';
import { openDatabase } from '../../shared/adapters/sql/database.js';
import { SqlUserStore } from '../../shared/adapters/sql/user-store.js';
import { IdClock, MAX_NODE, type ChannelId, type DeviceId, type UserId } from '../../shared/domain/ids.js';

export interface SeededUser {
  readonly id: UserId;
  readonly token: string;
}

const AT_ONCE = 16;
const TOKEN_TTL_MS = 6 * 3_600_000;

/** Users and channels straight into the database: a bench measures chat, not sign-ups. Tokens are real ones. */
export class Seed {
  readonly #database: ReturnType<typeof openDatabase>;
  readonly #secret: string;
  readonly #ids = new IdClock({ node: MAX_NODE, now: () => Date.now() });
  readonly #run = Date.now().toString(36);
  #users = 0;

  constructor(sqlUrl: string, jwtSecret: string) {
    this.#database = openDatabase(sqlUrl);
    this.#secret = jwtSecret;
  }

  static of(cluster: Cluster): Seed {
    return new Seed(cluster.backing.urls.sql, loadSecrets(join(cluster.settings.folder, 'secrets.json')).jwtSecret);
  }

  users(count: number): Promise<readonly SeededUser[]> {
    return severalAtOnce(Array.from({ length: count }), () => this.#user());
  }

  /** A group for each list of members. */
  channels(members: readonly (readonly SeededUser[])[]): Promise<readonly ChannelId[]> {
    return severalAtOnce(members, (users) => this.#channel(users));
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  async #user(): Promise<SeededUser> {
    const id = this.#ids.next() as UserId;
    const username = `bench-${this.#run}-${(this.#users += 1)}`;
    const createdAt = new Date().toISOString();
    const user = { id, username, displayName: username, locale: 'en' as const, createdAt, passwordHash: '-' };
    await new SqlUserStore(this.#database).create(user);
    const deviceId = this.#ids.next() as DeviceId;
    return { id, token: signAccessToken({ userId: id, deviceId }, { secret: this.#secret, ttlMs: TOKEN_TTL_MS, now: Date.now() }).token };
  }

  async #channel(users: readonly SeededUser[]): Promise<ChannelId> {
    const id = this.#ids.next() as ChannelId;
    const createdAt = new Date().toISOString();
    const [creator] = users as [SeededUser, ...SeededUser[]];
    const channel = { id, kind: 'group' as const, teamId: null, name: 'bench', topic: '', createdBy: creator.id, createdAt };
    const members = users.map((user) => ({ userId: user.id, role: 'member' as const, joinedAt: createdAt }));
    await new SqlChannelStore(this.#database).create(channel, members);
    return id;
  }
}

/** In order; a few at a time, because each is a round trip to the database. */
async function severalAtOnce<T, Result>(items: readonly T[], work: (item: T) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  return results;
}
