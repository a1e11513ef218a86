import { ChatError } from '../../../shared/errors/chat-error.js';
import { CLIENT_COMMANDS, type ClientCommand, type StompFrame, type StompLimits, type StompVersion } from './frame.js';
import { GrowingBytes } from '../growing-bytes.js';
import { escapingOf, unescapeHeader } from './header-text.js';

const NUL = 0x00;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** The longest command has 11 characters. */
const COMMAND_BYTES = 16;
const NO_BODY = Buffer.alloc(0);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Frames of a client out of bytes, however those are cut. Between frames a line end is a heart-beat. What a message may not
 * be is refused as soon as that shows, and what is kept of an unfinished frame is bounded by the limits.
 * The version is to be set as soon as it is agreed on: it decides about line ends and escapes.
 */
export class StompParser {
  version: StompVersion | undefined;
  readonly #limits: StompLimits;
  #state: 'between' | 'head' | 'body' | 'end' = 'between';
  #afterReturn = false;
  readonly #line = new GrowingBytes();
  #headBytes = 0;
  #command: ClientCommand | undefined;
  #headers = new Map<string, string>();
  #headerCount = 0;
  #bodyLength: number | undefined;
  readonly #body = new GrowingBytes();

  constructor(limits: StompLimits) {
    this.#limits = limits;
  }

  /** @throws ChatError INVALID_INPUT, UNKNOWN_FRAME, TOO_LARGE: nothing that follows can be understood. */
  *read(chunk: Uint8Array): Generator<StompFrame | 'heart-beat', void, undefined> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === 'between') {
        const next = this.#skipLineEnds(chunk, at);
        if (next > at) yield 'heart-beat';
        at = next;
      } else if (this.#state === 'head') at = this.#readLine(chunk, at);
      else if (this.#state === 'body') at = this.#readBody(chunk, at);
      else {
        if (chunk[at++] !== NUL) throw invalid('the body is longer than its content-length');
        yield this.#finish();
      }
    }
  }

  #skipLineEnds(chunk: Uint8Array, from: number): number {
    let at = from;
    for (; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === LINE_FEED) this.#afterReturn = false;
      else if (this.#afterReturn) throw invalid('a carriage return without a line feed');
      else if (byte === CARRIAGE_RETURN) this.#afterReturn = true;
      else {
        this.#state = 'head';
        break;
      }
    }
    return at;
  }

  #readLine(chunk: Uint8Array, from: number): number {
    const end = chunk.indexOf(LINE_FEED, from);
    const to = end === -1 ? chunk.length : end;
    this.#headBytes += to - from + 1;
    if (this.#headBytes > this.#limits.headBytes) throw tooLarge('headers', this.#limits.headBytes);
    this.#line.append(chunk.subarray(from, to));
    if (this.#command === undefined && this.#line.length > COMMAND_BYTES) throw new ChatError('UNKNOWN_FRAME');
    if (end === -1) return to;
    this.#takeLine(this.#lineText());
    return end + 1;
  }

  #lineText(): string {
    const bytes = this.#line.take();
    const strict = this.version === '1.0' || this.version === '1.1';
    const line = !strict && bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes;
    if (line.includes(NUL) || (!strict && line.includes(CARRIAGE_RETURN))) throw invalid('a control character in a header');
    return decode(line, 'headers');
  }

  #takeLine(line: string): void {
    if (this.#command === undefined) this.#command = commandOf(line);
    else if (line === '') this.#endHead();
    else this.#takeHeader(line, this.#command);
  }

  #takeHeader(line: string, command: ClientCommand): void {
    if (++this.#headerCount > this.#limits.headers) throw tooLarge('number of headers', this.#limits.headers);
    const colon = line.indexOf(':');
    if (colon < 1) throw invalid('a header without a name');
    const escaping = escapingOf(command, this.version);
    const name = unescapeHeader(line.slice(0, colon), escaping);
    const value = unescapeHeader(line.slice(colon + 1), escaping);
    if (!this.#headers.has(name)) this.#headers.set(name, value);
  }

  #endHead(): void {
    this.#bodyLength = contentLength(this.#headers.get('content-length'));
    if ((this.#bodyLength ?? 0) > this.#limits.bodyBytes) throw tooLarge('body', this.#limits.bodyBytes);
    this.#state = this.#bodyLength === 0 ? 'end' : 'body';
  }

  #readBody(chunk: Uint8Array, from: number): number {
    const end = this.#bodyLength === undefined ? chunk.indexOf(NUL, from) : from + this.#bodyLength - this.#body.length;
    const to = end === -1 ? chunk.length : Math.min(end, chunk.length);
    if (this.#body.length + to - from > this.#limits.bodyBytes) throw tooLarge('body', this.#limits.bodyBytes);
    this.#body.append(chunk.subarray(from, to));
    if (to === end) this.#state = 'end';
    return to;
  }

  #finish(): StompFrame {
    const frame = {
      command: this.#command as ClientCommand,
      headers: this.#headers,
      body: this.#body.length === 0 ? NO_BODY : this.#body.take(),
    };
    if (frame.body.length > 0 && frame.command !== 'SEND') throw invalid('only SEND may have a body');
    this.#state = 'between';
    this.#command = undefined;
    this.#headers = new Map();
    this.#headerCount = 0;
    this.#headBytes = 0;
    return frame;
  }
}

function commandOf(line: string): ClientCommand {
  const command = CLIENT_COMMANDS.find((known) => known === line);
  if (command === undefined) throw new ChatError('UNKNOWN_FRAME');
  return command;
}

function contentLength(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,12}$/.test(text)) throw invalid('content-length is not a number');
  return Number(text);
}

/** @throws ChatError INVALID_INPUT when the bytes are no UTF-8. */
export function decode(bytes: Uint8Array, what: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalid(`${what} are not UTF-8`);
  }
}

export function invalid(reason: string): ChatError {
  return new ChatError('INVALID_INPUT', { details: { reason } });
}

function tooLarge(of: string, limit: number): ChatError {
  return new ChatError('TOO_LARGE', { details: { of, limit } });
}
