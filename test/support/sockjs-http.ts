import { randomUUID } from 'node:crypto';
import { request, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'OPTIONS';
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A whole answer, by a connection of its own. */
export async function ask(url: string, options: Ask = {}): Promise<Answer> {
  const stream = await AnswerStream.open(url, options);
  return { status: stream.status, headers: stream.headers, body: await stream.rest() };
}

export function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return ask(url, { headers });
}

export function post(url: string, body = '', headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return ask(url, { method: 'POST', body, headers });
}

/** An answer that is read piece by piece, as it comes. */
export class AnswerStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly #request: ClientRequest;
  readonly #response: IncomingMessage;
  #text = '';
  #ended = false;
  #wake: () => void = () => undefined;

  private constructor(outgoing: ClientRequest, response: IncomingMessage) {
    this.#request = outgoing;
    this.#response = response;
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      this.#text += text;
      this.#wake();
    });
    for (const end of ['end', 'close', 'error']) response.on(end, () => this.#end());
  }

  static open(url: string, options: Ask = {}): Promise<AnswerStream> {
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { method: options.method ?? 'GET', headers: { ...options.headers }, agent: false });
      outgoing.on('response', (response) => resolve(new AnswerStream(outgoing, response)));
      outgoing.on('error', reject);
      outgoing.end(options.body ?? '');
    });
  }

  /** What comes up to the delimiter and including it; '' when the answer ends before. */
  async next(delimiter: string): Promise<string> {
    for (;;) {
      const at = this.#text.indexOf(delimiter);
      if (at >= 0) return this.#take(at + delimiter.length);
      if (this.#ended) return '';
      await this.#more();
    }
  }

  async rest(): Promise<string> {
    while (!this.#ended) await this.#more();
    return this.#take(this.#text.length);
  }

  /** Reads nothing more: the sender's buffers fill. */
  pause(): void {
    this.#response.pause();
  }

  abort(): void {
    this.#request.destroy();
  }

  #take(length: number): string {
    const text = this.#text.slice(0, length);
    this.#text = this.#text.slice(length);
    return text;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #end(): void {
    this.#ended = true;
    this.#wake();
  }
}

/** The path of a session that nobody has used. */
export function newSession(base: string, server = '000'): string {
  return `${base}/${server}/${randomUUID()}`;
}
