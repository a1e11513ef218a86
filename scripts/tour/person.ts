import { createNodeClient } from '../../client/node.js';
import type { ChannelId, TimelineMessage, WarrenClient } from '../../client/mod.js';

/** One device of a user in the tour: a client of the SDK, and everything that it showed. */
export class Person {
  readonly name: string;
  readonly client: WarrenClient;
  /** Message ids in the order in which they were told as new, by channel: once each, or the screen showed it twice. */
  readonly #told: string[] = [];
  readonly #watchers = new Set<() => void>();

  private constructor(name: string, client: WarrenClient) {
    this.name = name;
    this.client = client;
    client.on('message', ({ message }) => {
      this.#told.push(message.id);
      this.#wake();
    });
    for (const event of ['timeline', 'connection', 'channels', 'caughtUp'] as const) client.on(event, () => this.#wake());
  }

  static async signUp(baseUrl: string, name: string): Promise<Person> {
    const person = new Person(name, createNodeClient({ baseUrl, deviceName: 'tour' }));
    await person.client.signUp({ username: name, password: passwordOf(name) });
    await person.client.connect();
    return person;
  }

  /** Another device of somebody who has signed up. */
  static async logIn(baseUrl: string, name: string): Promise<Person> {
    const person = new Person(name, createNodeClient({ baseUrl, deviceName: 'second device' }));
    await person.client.logIn({ username: name, password: passwordOf(name) });
    await person.client.connect();
    return person;
  }

  get id(): string {
    return this.client.user?.id ?? '';
  }

  get server(): string | undefined {
    const state = this.client.connection;
    return state.status === 'online' || state.status === 'draining' ? state.serverId : undefined;
  }

  /** Texts on the screen, in its order. */
  texts(channelId: ChannelId): readonly string[] {
    return this.messages(channelId).map((message) => message.content);
  }

  messages(channelId: ChannelId): readonly TimelineMessage[] {
    return this.client.timeline(channelId).messages;
  }

  /** Ids that were told as new more than once. */
  get toldTwice(): readonly string[] {
    return this.#told.filter((id, i) => this.#told.indexOf(id) !== i);
  }

  /** Sends and waits for the ack; how long that took, in ms. */
  async say(channelId: ChannelId, text: string): Promise<number> {
    const before = performance.now();
    await this.client.send(channelId, text).acked;
    return performance.now() - before;
  }

  /** Resolves as soon as it is so. @throws Error after `withinMs`. */
  async until(what: string, isSo: () => boolean, withinMs = 30_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!isSo()) {
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`${this.name} waited ${withinMs} ms for: ${what}`);
      await this.#change(left);
    }
  }

  close(): Promise<void> {
    return this.client.close();
  }

  #change(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, withinMs);
      this.#watchers.add(wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#watchers]) wake();
  }
}

function passwordOf(name: string): string {
  return `the password of ${name}`;
}
