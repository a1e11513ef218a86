import SockJS from 'sockjs-client';

interface Told {
  readonly type: string;
  readonly id?: string;
  readonly clientId?: string;
  readonly content?: string;
}

/** The official sockjs-client with the frames of the protocol on it, and no SDK: what it is told it puts in order by id. */
export class SockJsTalker {
  readonly #socket: InstanceType<typeof SockJS>;
  /** By event id; acks stand for what it said itself. */
  readonly #contents = new Map<string, string>();
  readonly #said = new Map<string, { readonly content: string; readonly acked: () => void }>();
  #count = 0;
  #wake: () => void = () => undefined;

  private constructor(url: string, token: string) {
    this.#socket = new SockJS(url, undefined, { transports: ['xhr-streaming'] });
    this.#socket.onopen = () => this.#socket.send(JSON.stringify({ type: 'connect', version: 1, token }));
    this.#socket.onmessage = ({ data }: { readonly data: string }) => {
      for (const line of data.split('\n')) this.#take(JSON.parse(line) as Told);
      this.#wake();
    };
  }

  /** Resolves after hello. */
  static async connect(url: string, token: string): Promise<SockJsTalker> {
    const talker = new SockJsTalker(url, token);
    while (!talker.#greeted) await talker.#next();
    return talker;
  }

  #greeted = false;

  /** Resolves once it is acknowledged. */
  send(channelId: string, content: string): Promise<void> {
    const clientId = `sockjs-${++this.#count}`;
    this.#socket.send(JSON.stringify({ type: 'send', clientId, channelId, content }));
    return new Promise((resolve) => this.#said.set(clientId, { content, acked: resolve }));
  }

  /** Waits until it knows so many messages; their contents by id. */
  async inOrder(count: number): Promise<readonly string[]> {
    while (this.#contents.size < count) await this.#next();
    return [...this.#contents].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, content]) => content);
  }

  close(): void {
    this.#socket.close();
  }

  #next(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #take(frame: Told): void {
    if (frame.type === 'hello') this.#greeted = true;
    else if (frame.type === 'message') this.#contents.set(frame.id ?? '', frame.content ?? '');
    else if (frame.type === 'ack') {
      const said = this.#said.get(frame.clientId ?? '');
      this.#contents.set(frame.id ?? '', said?.content ?? '');
      said?.acked();
    }
  }
}
