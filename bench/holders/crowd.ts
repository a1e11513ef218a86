import { setTimeout as pause } from 'node:timers/promises';
import { ContentMaker } from '../load/content.js';
import type { Dialect, Incoming } from '../load/dialects/dialect.js';
import type { LoadUser } from '../load/protocol.js';
import { LeanSocket } from './lean-socket.js';
import type { HeldChannel, Talk, TalkOptions } from './protocol.js';

const CONTENT = new ContentMaker(100);
const TALK_WITHIN_MS = 120_000;
const POLL_MS = 50;

/** Many open connections, and what is said over them. One listener serves them all, so that a connection costs little here. */
export class Crowd {
  readonly #dialect: Dialect;
  readonly #sockets: LeanSocket[] = [];
  readonly #users: LoadUser[] = [];
  /** The socket whose frame is being read. */
  #current: LeanSocket | undefined;
  #ready = 0;
  #closed = 0;
  #heard = new Uint16Array(0);
  #wrong = new Set<number>();
  #delivered = 0;
  #messages = 0;
  readonly #incoming: Incoming = {
    ready: () => {
      this.#ready += 1;
      if (this.#current !== undefined) this.#current.ready = true;
    },
    message: (_channelId, id, content) => this.#hear(id, content),
    ack: () => undefined,
    error: (_clientId, text) => this.#fail(text),
    reply: (text) => this.#current?.send(text),
  };
  readonly #listener = {
    opened: (socket: LeanSocket) => this.#greet(socket),
    text: (socket: LeanSocket, text: string) => {
      this.#current = socket;
      this.#dialect.decode(text, this.#incoming);
    },
    closed: (_socket: LeanSocket, reason: string) => {
      this.#closed += 1;
      this.#fail(reason);
    },
  };
  failure: string | undefined;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** Resolves when all of them are ready. Rejects with what went wrong first. */
  async open(users: readonly LoadUser[], atOnce: number): Promise<void> {
    const all = this.#ready + users.length;
    let next = 0;
    while (this.#ready < all) {
      for (; next < users.length && this.#sockets.length - this.#ready < atOnce; next++) this.#connect(users[next] as LoadUser);
      await pause(1);
      this.#throwFailure();
    }
  }

  /** Ends all of them; others may be opened then. */
  leave(): void {
    for (const socket of this.#sockets) socket.reset();
    this.#sockets.length = 0;
    this.#users.length = 0;
    this.#ready = 0;
  }

  keepAlive(): void {
    const { heartbeat } = this.#dialect;
    if (heartbeat !== undefined) for (const socket of this.#sockets) if (socket.ready) socket.send(heartbeat);
  }

  /** The first two members of every channel say something. Resolves when all have heard it, or time is up. */
  async talk(channels: readonly HeldChannel[], { underWay }: TalkOptions): Promise<Talk> {
    const expected = new Uint16Array(this.#sockets.length);
    this.#heard = new Uint16Array(this.#sockets.length);
    this.#wrong = new Set();
    this.#delivered = 0;
    const deadline = performance.now() + TALK_WITHIN_MS;
    let total = 0;
    for (const channel of channels)
      for (const speaker of channel.members.slice(0, 2)) {
        while (total - this.#delivered > (underWay - 1) * (channel.members.length - 1) && performance.now() < deadline) await pause(1);
        total += this.#say(speaker, { channel, expected });
      }
    while (this.#delivered < total && performance.now() < deadline) await pause(POLL_MS);
    expected.forEach((count, user) => count === this.#heard[user] || this.#wrong.add(user));
    return { expected: total, delivered: this.#delivered, wrongUsers: this.#wrong.size, closed: this.#closed };
  }

  #connect(user: LoadUser): void {
    const index = this.#sockets.length;
    this.#users.push(user);
    const subprotocols = this.#dialect.subprotocols?.(user) ?? [];
    this.#sockets.push(new LeanSocket(this.#dialect.address(user), { index, subprotocols, listener: this.#listener }));
  }

  #greet(socket: LeanSocket): void {
    const greeting = this.#dialect.greeting(this.#users[socket.index] as LoadUser);
    if (greeting !== undefined) socket.send(greeting);
  }

  #say(speaker: number, { channel, expected }: { readonly channel: HeldChannel; readonly expected: Uint16Array }): number {
    const others = channel.members.filter((member) => member !== speaker);
    const clientId = `bench-${process.pid}-${(this.#messages += 1)}`;
    const content = CONTENT.make(this.#messages, Math.round(performance.now() * 1000));
    const to = this.#users[others[0] ?? 0]?.id ?? '';
    this.#sockets[speaker]?.send(this.#dialect.encode({ to, channelId: channel.id, clientId, content }));
    for (const member of others) expected[member] = (expected[member] ?? 0) + 1;
    return others.length;
  }

  #hear(id: string, text: string): void {
    const user = this.#current?.index ?? 0;
    this.#delivered += 1;
    this.#heard[user] = (this.#heard[user] ?? 0) + 1;
    if (id === '' || CONTENT.read(text) === undefined) this.#wrong.add(user);
  }

  #fail(reason: string): void {
    this.failure ??= reason;
  }

  #throwFailure(): void {
    if (this.failure !== undefined) throw new Error(this.failure);
  }
}
