import { WebSocket } from 'ws';

export interface WireFrame {
  readonly command: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Names and values as they stand; undefined ones are left out. */
export type WireHeaders = Readonly<Record<string, string | undefined>>;

/** A frame of a client. */
export function wireFrame(command: string, headers: WireHeaders = {}, body = ''): string {
  const lines = Object.entries(headers).map(([name, value]) => (value === undefined ? '' : `${name}:${value}\n`));
  return `${command}\n${lines.join('')}\n${body}\0`;
}

/** STOMP by hand on a WebSocket: sends anything, and sees every frame and heart-beat. */
export class StompWire {
  readonly frames: WireFrame[] = [];
  readonly closed: Promise<number>;
  beats = 0;
  readonly #socket: WebSocket;
  #bytes = Buffer.alloc(0);
  #over = false;
  #asked = 0;
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#take(data));
    this.closed = new Promise((resolve) => {
      socket.on('close', (code) => {
        this.#over = true;
        resolve(code);
        this.#wake();
      });
    });
  }

  static open(url: string, protocols: readonly string[] = ['v12.stomp']): Promise<StompWire> {
    const socket = new WebSocket(url, [...protocols], { perMessageDeflate: false });
    const wire = new StompWire(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(wire));
      socket.on('error', reject);
    });
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  send(command: string, headers: WireHeaders = {}, body = ''): void {
    this.write(wireFrame(command, headers, body));
  }

  /** Dropped when the connection is over: the server may end it at any byte. */
  write(data: string | Uint8Array): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(data);
  }

  /** The next frame of the command that was not given out before; others stay. Rejects when the connection ends without one. */
  async next(command: string): Promise<WireFrame> {
    for (;;) {
      const at = this.frames.findIndex((frame) => frame.command === command);
      const [found] = at === -1 ? [] : this.frames.splice(at, 1);
      if (found !== undefined) return found;
      if (this.#over) throw new Error(`closed without ${command}, with ${JSON.stringify(this.frames)}`);
      await this.#changed();
    }
  }

  /** The code of the ERROR that ends the connection. */
  async errorCode(): Promise<string | undefined> {
    return (await this.next('ERROR')).headers['code'];
  }

  /** The receipt of the frame. */
  ask(command: string, headers: WireHeaders = {}, body = ''): Promise<WireFrame> {
    this.send(command, { ...headers, receipt: `ask-${++this.#asked}` }, body);
    return this.next('RECEIPT');
  }

  async messages(count: number): Promise<readonly WireFrame[]> {
    const found: WireFrame[] = [];
    while (found.length < count) found.push(await this.next('MESSAGE'));
    return found;
  }

  destroy(): void {
    this.#socket.terminate();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake;
      this.#wake = () => {
        this.#wake = () => undefined;
        before();
        resolve();
      };
    });
  }

  #take(data: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, data]);
    for (let frame = this.#parse(); frame !== undefined; frame = this.#parse()) this.frames.push(frame);
    this.#wake();
  }

  #parse(): WireFrame | undefined {
    while (this.#bytes[0] === 0x0a) {
      this.#bytes = this.#bytes.subarray(1);
      this.beats += 1;
    }
    const end = this.#bytes.indexOf('\n\n');
    if (end === -1) return undefined;
    const [command = '', ...lines] = this.#bytes.subarray(0, end).toString('utf8').split('\n');
    const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
    const start = end + 2;
    const nul = headers['content-length'] === undefined ? this.#bytes.indexOf(0, start) : start + Number(headers['content-length']);
    if (nul === -1 || nul >= this.#bytes.length) return undefined;
    if (this.#bytes[nul] !== 0) throw new Error('no NUL after the body');
    const body = this.#bytes.subarray(start, nul).toString('utf8');
    this.#bytes = this.#bytes.subarray(nul + 1);
    return { command, headers, body };
  }
}

/** The contents of MESSAGE frames, in the order in which they came. */
export function contentsOfFrames(frames: readonly WireFrame[]): readonly unknown[] {
  return frames.map(({ body }) => (JSON.parse(body) as { readonly content?: unknown }).content);
}
