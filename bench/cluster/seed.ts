import { signAccessToken } from '../../shared/adapters/jwt/access-token.js';
import { SqlChannelStore } from '../../shared/adapters/sql/channel-store.js';
import { openDatabase } from '../../shared/adapters/sql/database.js';
import { SqlUserStore } from '../../shared/adapters/sql/user-store.js';
import { IdClock, MAX_NODE, type ChannelId, type DeviceId, type UserId } from '../../shared/domain/ids.js';
import type { Cluster } from '../../scripts/cluster/cluster.js';

export interface SeededUser {
  readonly id: UserId;
  readonly token: string;
}

/** Users and channels straight into the database: a bench measures chat, not sign-ups. Tokens are real ones. */
export class Seed {
  readonly #database: ReturnType<typeof openDatabase>;
  readonly #secret: string;
  readonly #ids = new IdClock({ node: MAX_NODE, now: () => Date.now() });
  readonly #run = Date.now().toString(36);
  #users = 0;

  constructor(cluster: Cluster, jwtSecret: string) {
    this.#database = openDatabase(cluster.backing.urls.sql);
    this.#secret = jwtSecret;
  }

  async user(): Promise<SeededUser> {
    const id = this.#ids.next() as UserId;
    const username = `bench-${this.#run}-${(this.#users += 1)}`;
    const createdAt = new Date().toISOString();
    const user = { id, username, displayName: username, locale: 'en' as const, createdAt, passwordHash: '-' };
    await new SqlUserStore(this.#database).create(user);
    const deviceId = this.#ids.next() as DeviceId;
    return { id, token: signAccessToken({ userId: id, deviceId }, { secret: this.#secret, ttlMs: 6 * 3_600_000, now: Date.now() }).token };
  }

  async channel(users: readonly SeededUser[]): Promise<ChannelId> {
    const id = this.#ids.next() as ChannelId;
    const createdAt = new Date().toISOString();
    const [creator] = users as [SeededUser, ...SeededUser[]];
    const kind = users.length === 2 ? ('dm' as const) : ('group' as const);
    const channel = { id, kind, teamId: null, name: kind === 'dm' ? '' : 'bench', topic: '', createdBy: creator.id, createdAt };
    const members = users.map((user) => ({ userId: user.id, role: 'member' as const, joinedAt: createdAt }));
    await new SqlChannelStore(this.#database).create(channel, members);
    return id;
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}
