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
  readonly #channels: readonly ChannelState[];
  readonly #byId: ReadonlyMap<string, ChannelState>;
  #turn = 0;
  /** The message is no longer under way: it was delivered, or refused. */
  onSettled: () => void = () => undefined;

  private constructor(parts: { pair: LoadPair; sender: LoadSocket; receiver: LoadSocket; tally: Tally; content: ContentMaker }) {
    this.#pair = parts.pair;
    this.#sender = parts.sender;
    this.#receiver = parts.receiver;
    this.#tally = parts.tally;
    this.#content = parts.content;
    this.#clientIdPrefix = `bench-${process.pid}-${(pairs += 1)}-`;
    this.#channels = parts.pair.channelIds.map((id) => ({ id, sent: 0, seen: 0, lastId: '' }));
    this.#byId = new Map(this.#channels.map((channel) => [channel.id, channel]));
    this.#receiver.onMessage = (channelId, id, text) => this.#take(channelId, id, text);
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
    const turn = this.#turn++;
    const channel = this.#channels[turn % this.#channels.length] as ChannelState;
    const clientId = this.#clientIdPrefix + String(turn);
    this.#sentAt.set(clientId, dueAt);
    this.#tally.takeSend();
    const content = this.#content.make((channel.sent += 1), Math.round(dueAt * 1000));
    this.#sender.send({ to: this.#pair.receiver.id, channelId: channel.id, clientId, content });
  }

  keepAlive(): void {
    this.#sender.keepAlive();
    this.#receiver.keepAlive();
  }

  close(): void {
    this.#sender.close();
    this.#receiver.close();
  }

  #take(channelId: string, id: string, text: string): void {
    const content = this.#content.read(text);
    const channel = this.#byId.get(channelId);
    const fault = faultOf(channel, { id, sequence: content?.sequence });
    if (content === undefined || fault !== undefined) this.#tally.takeWrong(fault ?? '');
    else this.#tally.takeDelivery(performance.now() - content.sentAt / 1000);
    if (channel !== undefined) {
      channel.lastId = id;
      channel.seen = content?.sequence ?? channel.seen;
    }
    this.onSettled();
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

/** One per process: client ids of two pairs never meet. */
let pairs = 0;

interface ChannelState {
  readonly id: string;
  sent: number;
  /** The sequence and the id of the last message that came. */
  seen: number;
  lastId: string;
}

function faultOf(
  channel: ChannelState | undefined,
  message: { readonly id: string; readonly sequence: number | undefined },
): string | undefined {
  const { id, sequence } = message;
  if (channel === undefined) return 'a message of a channel that is not the pair’s';
  if (sequence === undefined) return 'the checksum does not match';
  if (sequence !== channel.seen + 1) return `message ${sequence} (${id}) in place of ${channel.seen + 1}`;
  return id > channel.lastId ? undefined : `message ${sequence} with an id that is not larger (${id} after ${channel.lastId})`;
}
