import type { ChannelInfo, User, WarrenClient } from '../../client/mod.js';

/** Names of the people that this chat has met. */
export class People {
  readonly #client: WarrenClient;
  readonly #users = new Map<string, User>();

  constructor(client: WarrenClient) {
    this.#client = client;
  }

  /** The user's name, or the id as long as it is not known. */
  name(userId: string): string {
    return this.#users.get(userId)?.username ?? userId;
  }

  async learn(userIds: Iterable<string>): Promise<void> {
    const { user } = this.#client;
    if (user !== undefined) this.#users.set(user.id, user);
    const unknown = [...new Set(userIds)].filter((id) => !this.#users.has(id));
    for (let start = 0; start < unknown.length; start += 100) {
      for (const found of await this.#client.api.getUsers(unknown.slice(start, start + 100))) this.#users.set(found.id, found);
    }
  }

  /** By user name. @throws Error that says so when there is none. */
  async find(username: string): Promise<User> {
    const wanted = username.toLowerCase().replace(/^@/, '');
    const known = [...this.#users.values()].find((user) => user.username === wanted);
    if (known !== undefined) return known;
    const { users } = await this.#client.api.listUsers({ query: wanted, limit: 100 });
    const found = users.find((user) => user.username === wanted);
    if (found === undefined) throw new Error(`There is nobody called ${wanted}.`);
    this.#users.set(found.id, found);
    return found;
  }

  async list(limit: number): Promise<readonly User[]> {
    const { users } = await this.#client.api.listUsers({ limit });
    for (const user of users) this.#users.set(user.id, user);
    return users;
  }

  /** `@bob` for a dm, `#name` for the rest. */
  async label(channel: ChannelInfo): Promise<string> {
    if (channel.kind !== 'dm') return `#${channel.name}`;
    const peerId = channel.peerId ?? this.#client.user?.id ?? '';
    await this.learn([peerId]);
    return `@${this.name(peerId)}`;
  }
}
