import type { People, RunningChat } from '../arms/arm.js';
import { Holder } from './holder.js';
import { USERS_PER_HOLDER, type HeldChannel, type Talk } from './protocol.js';

const AT_ONCE = 50;

interface Held {
  readonly holder: Holder;
  users: number;
  readonly channels: HeldChannel[];
}

/** People who are connected, in as many processes as it takes. Those of one channel are in one process. */
export class Population {
  readonly #running: RunningChat;
  readonly #channelSize: number;
  readonly #perHolder: number;
  readonly #holders: Held[] = [];

  constructor(running: RunningChat, channelSize: number) {
    this.#running = running;
    this.#channelSize = channelSize;
    this.#perHolder = Math.floor(USERS_PER_HOLDER / channelSize) * channelSize;
  }

  get size(): number {
    return this.#holders.reduce((total, { users }) => total + users, 0);
  }

  /** Connects new people, a full process at a time. */
  async grow(count: number): Promise<void> {
    for (let left = count; left > 0;) {
      const last = this.#holders.at(-1);
      const target = last !== undefined && last.users < this.#perHolder ? last : this.#addHolder();
      const some = Math.min(left, this.#perHolder - target.users);
      await this.#connect(target, await this.#running.people(some, this.#channelSize));
      left -= some;
    }
  }

  /** Everybody gets a message that is checked. */
  async talk(): Promise<Talk> {
    const total = { expected: 0, delivered: 0, wrongUsers: 0, closed: 0 };
    for (const { holder, channels } of this.#holders) {
      const talk = await holder.talk(channels);
      for (const key of ['expected', 'delivered', 'wrongUsers', 'closed'] as const) total[key] += talk[key];
    }
    return total;
  }

  end(): void {
    for (const { holder } of this.#holders) holder.end();
  }

  #addHolder(): Held {
    const added = { holder: new Holder(), users: 0, channels: [] };
    this.#holders.push(added);
    return added;
  }

  async #connect(target: Held, { users, channels }: People): Promise<void> {
    await target.holder.open({ dialect: this.#running.dialect, users, atOnce: AT_ONCE });
    for (const { id, members } of channels) target.channels.push({ id, members: members.map((index) => index + target.users) });
    target.users += users.length;
  }
}

/** @throws Error when somebody did not get exactly what was said, or is gone. */
export function assertWhole({ expected, delivered, wrongUsers, closed }: Talk): void {
  if (wrongUsers > 0 || closed > 0 || delivered !== expected)
    throw new Error(
      `${delivered} of ${expected} messages were delivered, ${wrongUsers} people got something else, ${closed} connections ended`,
    );
}
