import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { CLOSE_CODES } from '../../../shared/protocol/close-codes.js';
import { joinLines, linesLength } from '../../../shared/protocol/lines.js';
import type { AcceptCarrier, ClosingWord, Connection, ConnectionHandler } from '../connection.js';
import type { Door } from '../door.js';
import { GrowingBytes } from '../growing-bytes.js';
import { CLOSE_WAIT_MS, HOLD_MS, MAX_FRAGMENTS, UNREAD_PONG_BYTES } from './engine.js';
import {
  encodeClosePayload,
  encodeControlFrame,
  encodeLongTextHead,
  isCloseCode,
  OPCODES,
  readFrameHead,
  unmask,
  VIOLATIONS,
  type FrameHead,
} from './frame.js';
import { WHOLE_FRAME_BYTES, writeTextFrame } from './text-frame.js';

export interface LeanConnectionOptions {
  readonly door: Door;
  readonly maxMessageBytes: number;
}

/** A frame of which not all has come. */
interface Rest {
  readonly bytes: GrowingBytes;
  /** Bytes without which looking again is of no use. */
  readonly needed: number;
}

/** A message of which the last frame has not come. */
interface Fragments {
  readonly opcode: number;
  readonly bytes: GrowingBytes;
  count: number;
}

/** No close frame was seen: RFC 6455 section 7.1.5. */
const ABNORMAL = 1006;
const NO_CODE = 1005;

export class LeanConnection implements Connection {
  readonly transport = 'websocket';
  readonly remoteAddress: string;
  handler: ConnectionHandler | undefined;
  readonly #socket: Duplex;
  readonly #door: Door;
  readonly #maxMessageBytes: number;
  /** `closing`: our close frame is out, and only the peer's matters. `deaf`: nothing is read any more. */
  #state: 'open' | 'closing' | 'deaf' = 'open';
  /** The answer to the upgrade request, until it is written: in the same bytes as the first message, which is cheaper than two chunks in one write. */
  #answer = '';
  #holding: NodeJS.Timeout | undefined;
  #peerCode = ABNORMAL;
  #rest: Rest | undefined;
  #fragments: Fragments | undefined;

  constructor(socket: Duplex, remoteAddress: string, options: LeanConnectionOptions) {
    this.#socket = socket;
    this.#door = options.door;
    this.#maxMessageBytes = options.maxMessageBytes;
    this.remoteAddress = remoteAddress;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  begin(accept: AcceptCarrier): void {
    this.#door.enter(this.remoteAddress);
    this.handler = accept(this);
  }

  /** Answers the upgrade request; with `hold`, in one write with the first message, or with the end. */
  answer(response: string, { hold }: { readonly hold: boolean }): void {
    this.#answer = response;
    if (hold) this.#holding = setTimeout(letAnswerGo, HOLD_MS, this).unref();
    else this.letAnswerGo();
  }

  /** Nothing is left of it afterwards. */
  letAnswerGo(): void {
    const answer = this.#takeAnswer();
    if (answer !== '' && this.#state !== 'deaf') this.#socket.write(answer, 'latin1');
  }

  send(frames: readonly Uint8Array[]): void {
    if (this.#state !== 'open') return;
    const length = linesLength(frames);
    if (length <= WHOLE_FRAME_BYTES) writeTextFrame(this.#socket, frames, length, this.#takeAnswer());
    else this.#sendLong(joinLines(frames));
  }

  close(reason: ClosingWord): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.letAnswerGo();
    this.#socket.write(encodeControlFrame(OPCODES.close, encodeClosePayload(reason.code, reason.reason)));
    this.#cutOffLater();
  }

  take(chunk: Buffer): void {
    if (this.#state === 'deaf') return;
    const rest = this.#rest;
    if (rest === undefined) {
      this.#read(chunk);
      return;
    }
    rest.bytes.append(chunk);
    if (rest.bytes.length < rest.needed) return;
    this.#rest = undefined;
    this.#read(rest.bytes.take());
  }

  peerEnded(): void {
    this.#end();
  }

  /** The socket is closed. */
  ended(): void {
    this.#state = 'deaf';
    this.#takeAnswer();
    this.#door.leave(this.remoteAddress);
    this.handler?.closed(this.#peerCode);
  }

  #takeAnswer(): string {
    const answer = this.#answer;
    if (answer === '') return answer;
    this.#answer = '';
    clearTimeout(this.#holding);
    this.#holding = undefined;
    return answer;
  }

  #sendLong(message: Uint8Array): void {
    this.letAnswerGo();
    this.#socket.cork();
    this.#socket.write(encodeLongTextHead(message.length));
    this.#socket.write(message);
    this.#socket.uncork();
  }

  #read(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      const head = readFrameHead(bytes, at);
      if (head === undefined) {
        this.#keep(bytes.subarray(at), bytes.length - at + 1);
        return;
      }
      const violation = typeof head === 'number' ? head : this.#judge(head);
      if (violation !== undefined) {
        this.#fail(violation);
        return;
      }
      const frame = head as FrameHead;
      if (frame.end > bytes.length) {
        this.#keep(bytes.subarray(at), frame.end - at);
        return;
      }
      at = frame.end;
      this.#takeFrame(frame, unmask(bytes, frame));
      // A close frame, or what the handler did.
      if ((this.#state as string) === 'deaf') return;
    }
  }

  #keep(bytes: Buffer, needed: number): void {
    const growing = new GrowingBytes(needed);
    growing.append(bytes);
    this.#rest = { bytes: growing, needed };
  }

  /** Whether a frame may come now, known from its head: nothing is kept of what is too long. */
  #judge({ opcode, start, end }: FrameHead): number | undefined {
    if (opcode >= OPCODES.close) return undefined;
    if ((opcode === OPCODES.continuation) !== (this.#fragments !== undefined)) return VIOLATIONS.protocol;
    if ((this.#fragments?.count ?? 0) >= MAX_FRAGMENTS) return VIOLATIONS.policy;
    return end - start + (this.#fragments?.bytes.length ?? 0) > this.#maxMessageBytes ? VIOLATIONS.tooLarge : undefined;
  }

  #takeFrame({ opcode, final }: FrameHead, payload: Buffer): void {
    if (opcode === OPCODES.close) this.#takeClose(payload);
    else if (opcode === OPCODES.ping) this.#answerPing(payload);
    else if (opcode !== OPCODES.pong) this.#takePart({ opcode, final }, payload);
  }

  #takePart({ opcode, final }: { readonly opcode: number; readonly final: boolean }, payload: Buffer): void {
    if (final && this.#fragments === undefined) {
      this.#takeMessage(opcode, payload);
      return;
    }
    this.#fragments ??= { opcode, bytes: new GrowingBytes(), count: 0 };
    this.#fragments.bytes.append(payload);
    this.#fragments.count += 1;
    if (!final) return;
    const whole = this.#fragments;
    this.#fragments = undefined;
    this.#takeMessage(whole.opcode, whole.bytes.take());
  }

  #takeMessage(opcode: number, message: Buffer): void {
    if (opcode === OPCODES.text && !isUtf8(message)) this.#fail(VIOLATIONS.notUtf8);
    else if (this.#state === 'open') this.handler?.received(message);
  }

  #answerPing(payload: Buffer): void {
    if (this.#state !== 'open') return;
    if (this.bufferedBytes > UNREAD_PONG_BYTES) this.#socket.destroy();
    else {
      this.letAnswerGo();
      this.#socket.write(encodeControlFrame(OPCODES.pong, payload));
    }
  }

  #takeClose(payload: Buffer): void {
    const code = payload.length === 0 ? NO_CODE : payload.length === 1 ? 0 : payload.readUInt16BE(0);
    if (payload.length > 0 && !isCloseCode(code)) this.#fail(VIOLATIONS.protocol);
    else if (!isUtf8(payload.subarray(2))) this.#fail(VIOLATIONS.notUtf8);
    else {
      this.#peerCode = code;
      this.#end(this.#state === 'closing' ? undefined : encodeControlFrame(OPCODES.close, payload));
    }
  }

  #fail(code: number): void {
    const word = code === VIOLATIONS.tooLarge ? CLOSE_CODES.TOO_LARGE : { code, reason: '' };
    this.#end(this.#state === 'closing' ? undefined : encodeControlFrame(OPCODES.close, encodeClosePayload(word.code, word.reason)));
  }

  /** Nothing is read any more; what was written before goes out, then the socket is closed. */
  #end(lastFrame?: Buffer): void {
    if (this.#state === 'deaf') return;
    this.letAnswerGo();
    this.#state = 'deaf';
    this.#rest = undefined;
    this.#fragments = undefined;
    if (lastFrame === undefined) this.#socket.end();
    else this.#socket.end(lastFrame);
    this.#cutOffLater();
  }

  #cutOffLater(): void {
    setTimeout(cutOff, CLOSE_WAIT_MS, this.#socket).unref();
  }
}

function letAnswerGo(connection: LeanConnection): void {
  connection.letAnswerGo();
}

function cutOff(socket: Duplex): void {
  socket.destroy();
}
