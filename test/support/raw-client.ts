import { WebSocket } from 'ws';

export type RawFrame = Readonly<Record<string, unknown>> & { readonly type: string };

/** A WebSocket that speaks frames and nothing else: for tests of what the server says on the wire. */
export class RawClient {
  readonly frames: RawFrame[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #socket: WebSocket;
  readonly #waiters = new Set<() => void>();
  /** Frames that `next` has given out. */
  readonly #taken = new Set<RawFrame>();
  /** Ids of messages that `nextShown` has given out. */
  readonly #shown = new Set<unknown>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      for (const line of data.toString('utf8').split('\n')) this.frames.push(JSON.parse(line) as RawFrame);
      for (const wake of [...this.#waiters]) wake();
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  static open(
    url: string,
    { protocols = [], ...options }: { readonly origin?: string; readonly protocols?: string[] } = {},
  ): Promise<RawClient> {
    const socket = new WebSocket(url, protocols, { perMessageDeflate: false, ...options });
    const client = new RawClient(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(client));
      socket.on('error', reject);
    });
  }

  send(...frames: readonly Readonly<Record<string, unknown>>[]): void {
    this.#socket.send(frames.map((frame) => JSON.stringify(frame)).join('\n'));
  }

  sendRaw(data: string | Buffer): void {
    this.#socket.send(data);
  }

  /** The oldest frame of the type (that matches) which no call has given out before; waits for it. */
  next(type: string, matches: (frame: RawFrame) => boolean = () => true): Promise<RawFrame> {
    return this.#take((frame) => frame.type === type && matches(frame));
  }

  /** The channel's next message as a device shows it: one that comes again, as any may after a failure, is passed over. */
  async nextShown(channelId: string): Promise<RawFrame> {
    const shown = await this.next('message', (frame) => frame['channelId'] === channelId && !this.#shown.has(messageIdOf(frame)));
    this.#shown.add(messageIdOf(shown));
    return shown;
  }

  async #take(matches: (frame: RawFrame) => boolean): Promise<RawFrame> {
    for (;;) {
      const found = this.frames.find((frame) => !this.#taken.has(frame) && matches(frame));
      if (found !== undefined) {
        this.#taken.add(found);
        return found;
      }
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiters.delete(wake);
          resolve();
        };
        this.#waiters.add(wake);
      });
    }
  }

  /** The answer to a command: its ack, or its error. */
  async ask(frame: Readonly<Record<string, unknown>> & { readonly clientId: string }): Promise<RawFrame> {
    this.send(frame);
    return this.#take((answer) => (answer.type === 'ack' || answer.type === 'error') && answer['clientId'] === frame.clientId);
  }

  /** A round trip: every frame that the server had sent before is there. */
  async settle(): Promise<void> {
    this.send({ type: 'ping' });
    await this.next('pong');
  }

  /** Reads nothing from now on. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  messages(): readonly RawFrame[] {
    return this.frames.filter((frame) => frame.type === 'message');
  }

  close(): void {
    this.#socket.terminate();
  }
}

/** A message that travels again does so under a new event id. */
export function messageIdOf(frame: RawFrame): unknown {
  return frame['messageId'] ?? frame['id'];
}
