import { WebSocket } from 'ws';

const ANSWER_MS = 15_000;

type Frame = Readonly<Record<string, unknown>> & { readonly type: string };

/** A session without the SDK, straight at one server: for what the SDK would never do. */
export class RawSession {
  readonly #socket: WebSocket;
  readonly #listeners = new Set<(frame: Frame) => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('error', () => socket.terminate());
    socket.on('message', (data: Buffer) => {
      for (const line of data.toString('utf8').split('\n')) this.#hear(JSON.parse(line) as Frame);
    });
  }

  /** Resolves after hello. */
  static async open(port: number, token: string): Promise<RawSession> {
    const session = new RawSession(new WebSocket(`ws://127.0.0.1:${port}/ws`, { perMessageDeflate: false }));
    await session.#next('open', (resolve) => session.#socket.once('open', resolve));
    const hello = session.#frame((frame) => frame.type === 'hello');
    session.#socket.send(JSON.stringify({ type: 'connect', version: 1, token, client: 'prove' }));
    await hello;
    return session;
  }

  /** The ids that the command was acknowledged with; undefined when it was not. */
  async ask(frame: { readonly type: string; readonly clientId: string } & Readonly<Record<string, unknown>>) {
    const answer = this.#frame((heard) => heard['clientId'] === frame.clientId && (heard.type === 'ack' || heard.type === 'error'));
    this.#socket.send(JSON.stringify(frame));
    const heard = await answer.catch(() => undefined);
    if (heard?.type !== 'ack') return undefined;
    const id = String(heard['id']);
    return { id, messageId: typeof heard['messageId'] === 'string' ? heard['messageId'] : id };
  }

  close(): void {
    this.#socket.terminate();
  }

  #hear(frame: Frame): void {
    for (const listener of [...this.#listeners]) listener(frame);
  }

  #frame(matches: (frame: Frame) => boolean): Promise<Frame> {
    return this.#next('a frame', (resolve) => {
      const listener = (frame: Frame): void => {
        if (!matches(frame)) return;
        this.#listeners.delete(listener);
        resolve(frame);
      };
      this.#listeners.add(listener);
    });
  }

  #next<T>(what: string, listen: (resolve: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(new Error(`no ${what} came`));
      const timer = setTimeout(fail, ANSWER_MS);
      this.#socket.once('close', fail);
      listen((value) => {
        clearTimeout(timer);
        this.#socket.off('close', fail);
        resolve(value);
      });
    });
  }
}
