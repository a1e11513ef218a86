import type { ContentMaker } from './content.js';
import type { Dialect } from './dialects/dialect.js';
import { LoadSocket } from './load-socket.js';
import type { LoadPair } from './protocol.js';
import type { Tally } from './tally.js';

/** Two open connections and what has passed between them. Every message is checked: its checksum, and that ids and sequence only grow. */
export class Pair {
  readonly #pair: LoadPair;
  readonly #sender: LoadSocket;
  readonly #receiver: LoadSocket;
  readonly #tally: Tally;
  readonly #content: ContentMaker;
  readonly #sentAt = new Map<string, number>();
  readonly #clientIdPrefix: string;
  #sequence = 0;
  #lastSequence = 0;
  #lastId = '';
  /** The message is no longer under way: it was delivered, or refused. */
  onSettled: () => void = () => undefined;

  private constructor(parts: { pair: LoadPair; sender: LoadSocket; receiver: LoadSocket; tally: Tally; content: ContentMaker }) {
    this.#pair = parts.pair;
    this.#sender = parts.sender;
    this.#receiver = parts.receiver;
    this.#tally = parts.tally;
    this.#content = parts.content;
    this.#clientIdPrefix = `bench-${process.pid}-${parts.pair.channelId}-`;
    this.#receiver.onMessage = (id, text) => this.#take(id, text);
    this.#sender.onAck = (clientId) => this.#takeAck(clientId);
    this.#sender.onError = (clientId) => this.#takeError(clientId);
    this.#receiver.onError = () => (this.#tally.errors += 1);
  }

  static async open(pair: LoadPair, parts: { dialect: Dialect; tally: Tally; content: ContentMaker }): Promise<Pair> {
    const [sender, receiver] = await Promise.all([
      LoadSocket.open(pair.sender, parts.dialect),
      LoadSocket.open(pair.receiver, parts.dialect),
    ]);
    return new Pair({ pair, sender, receiver, ...parts });
  }

  /** `dueAt`: from when its latency counts, on the clock of `performance.now()`. */
  send(dueAt: number): void {
    const clientId = this.#clientIdPrefix + String((this.#sequence += 1));
    this.#sentAt.set(clientId, dueAt);
    this.#tally.takeSend();
    this.#sender.send({ pair: this.#pair, clientId, content: this.#content.make(this.#sequence, Math.round(dueAt * 1000)) });
  }

  keepAlive(): void {
    this.#sender.keepAlive();
    this.#receiver.keepAlive();
  }

  close(): void {
    this.#sender.close();
    this.#receiver.close();
  }

  #take(id: string, text: string): void {
    const content = this.#content.read(text);
    const fault = this.#faultOf(id, content?.sequence);
    if (content === undefined || fault !== undefined) this.#tally.takeWrong(`${fault ?? ''} (${id} after ${this.#lastId})`);
    else this.#tally.takeDelivery(performance.now() - content.sentAt / 1000);
    this.#lastId = id;
    this.#lastSequence = content?.sequence ?? this.#lastSequence;
    this.onSettled();
  }

  #faultOf(id: string, sequence: number | undefined): string | undefined {
    const expected = this.#lastSequence + 1;
    if (sequence === undefined) return 'the checksum does not match';
    if (sequence !== expected) return `message ${sequence} in place of ${expected}`;
    return id > this.#lastId ? undefined : `message ${sequence} with an id that is not larger`;
  }

  #takeAck(clientId: string): void {
    const sentAt = this.#sentAt.get(clientId);
    if (sentAt !== undefined) this.#tally.takeAck(performance.now() - sentAt);
    this.#sentAt.delete(clientId);
  }

  #takeError(clientId: string | undefined): void {
    this.#tally.errors += 1;
    if (clientId === undefined) return;
    this.#sentAt.delete(clientId);
    this.#tally.underWay -= 1;
    this.onSettled();
  }
}
