import { fallbackUrl, parseSockJsFrame, type SockJsFrame } from './fallback-frames.js';
import type { Fetch } from './http.js';
import { SocketEvents } from './socket-events.js';

export interface FallbackOptions {
  /** `streaming` reads one long answer after the other as it comes, `polling` asks for each. */
  readonly receive: 'streaming' | 'polling';
  readonly fetch: Fetch;
}

/** Characters of messages that travel in one request. */
const BATCH_CHARS = 256 * 1024;
const ABNORMAL = 1006;

/** A WebSocket in looks, made of HTTP requests: for where WebSockets do not get through. Speaks SockJS with the server. */
export class FallbackSocket extends SocketEvents {
  readonly #url: (transport: string) => string;
  readonly #options: FallbackOptions;
  readonly #receiving = new AbortController();
  #state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting';
  #queue: string[] = [];
  #sending: Promise<void> | undefined;

  constructor(url: string, options: FallbackOptions) {
    super();
    this.#url = fallbackUrl(url, randomSessionId());
    this.#options = options;
    // Not before the caller has had the chance to listen.
    queueMicrotask(() => {
      this.#receive().catch(() => this.#end(ABNORMAL, ''));
    });
  }

  send(data: string): void {
    if (this.#state !== 'open') return;
    this.#queue.push(data);
    this.#sending ??= Promise.resolve()
      .then(() => this.#flush())
      .catch(() => this.#end(ABNORMAL, ''))
      .finally(() => (this.#sending = undefined));
  }

  /** What was sent before still goes out. */
  close(code = 1_000, reason = ''): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    this.#state = 'closing';
    void (this.#sending ?? Promise.resolve()).then(() => this.#end(code, reason));
  }

  async #flush(): Promise<void> {
    while (this.#queue.length > 0 && this.#state !== 'closed') {
      const response = await this.#options.fetch(this.#url('xhr_send'), { ...request, body: JSON.stringify(this.#nextBatch()) });
      if (!response.ok) throw new TypeError(`the server refused messages with ${response.status}`);
    }
  }

  #nextBatch(): string[] {
    let chars = 0;
    let count = 0;
    do chars += this.#queue[count++]?.length ?? 0;
    while (count < this.#queue.length && chars + (this.#queue[count]?.length ?? 0) <= BATCH_CHARS);
    return this.#queue.splice(0, count);
  }

  async #receive(): Promise<void> {
    const transport = this.#options.receive === 'streaming' ? 'xhr_streaming' : 'xhr';
    const init = { ...request, body: '', signal: this.#receiving.signal };
    while (this.#state !== 'closed') {
      const response = await this.#options.fetch(this.#url(transport), init);
      if (response.status !== 200) throw new TypeError(`the server refused a session with ${response.status}`);
      // An answer without a single frame comes from something else in between.
      if ((await this.#read(response)) === 0) throw new TypeError('the answer had no frame');
    }
  }

  /** How many frames there were. */
  async #read(response: Response): Promise<number> {
    let frames = 0;
    let rest = '';
    const take = (text: string): void => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const frame = parseSockJsFrame(line);
        if (frame.kind !== 'unknown') frames += 1;
        this.#handle(frame);
      }
    };
    if (this.#options.receive === 'polling' || response.body === null) take(await response.text());
    else await readText(response.body, take);
    return frames;
  }

  #handle(frame: SockJsFrame): void {
    if (this.#state === 'closed') return;
    if (frame.kind === 'open') this.#greet();
    else if (frame.kind === 'close') this.#end(frame.code, frame.reason);
    else if (frame.kind === 'messages') for (const data of frame.messages) this.emit('message', { data });
  }

  /** A second greeting means that the server has lost the session. */
  #greet(): void {
    if (this.#state === 'connecting') {
      this.#state = 'open';
      this.emit('open', undefined);
    } else if (this.#state === 'open') this.#end(ABNORMAL, 'the server lost the session');
  }

  #end(code: number, reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#queue = [];
    this.#receiving.abort();
    this.emit('close', { code, reason });
  }
}

/** Plain text needs no leave of the server beforehand. */
const request = { method: 'POST', headers: { 'content-type': 'text/plain' }, credentials: 'omit', cache: 'no-store' } as const;

async function readText(body: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    take(decoder.decode(value, { stream: true }));
  }
}

/** Who knows it can speak in the session: 128 bits that nobody guesses. */
function randomSessionId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
