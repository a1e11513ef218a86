/** RFC 6455 section 5.2. */
export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Codes of RFC 6455 section 7.4.1 that a peer's mistakes earn. */
export const VIOLATIONS = { protocol: 1002, notUtf8: 1007, policy: 1008, tooLarge: 1009 } as const;

const FINAL = 0x80;
const RESERVED = 0x70;
const OPCODE = 0x0f;
const MASKED = 0x80;
const LENGTH = 0x7f;
const MASK_BYTES = 4;
const MAX_CONTROL_BYTES = 125;

export interface FrameHead {
  readonly opcode: number;
  readonly final: boolean;
  /** Where the payload begins and ends; its mask lies right before it. Its end may lie beyond what has come. */
  readonly start: number;
  readonly end: number;
}

/** The head of the frame that begins at `at`; undefined until all of it has come; a close code where it is wrong by itself. */
export function readFrameHead(bytes: Buffer, at: number): FrameHead | number | undefined {
  if (bytes.length < at + 2) return undefined;
  const first = bytes[at] as number;
  const second = bytes[at + 1] as number;
  const opcode = first & OPCODE;
  const final = (first & FINAL) !== 0;
  const short = second & LENGTH;
  const isControl = opcode >= OPCODES.close;
  if ((first & RESERVED) !== 0 || (second & MASKED) === 0 || opcode > OPCODES.pong) return VIOLATIONS.protocol;
  if (opcode > OPCODES.binary && !isControl) return VIOLATIONS.protocol;
  if (isControl && (!final || short > MAX_CONTROL_BYTES)) return VIOLATIONS.protocol;
  const extended = short < 126 ? 0 : short === 126 ? 2 : 8;
  const start = at + 2 + extended + MASK_BYTES;
  if (bytes.length < start) return undefined;
  if (extended === 0) return { opcode, final, start, end: start + short };
  if (extended === 2) return { opcode, final, start, end: start + bytes.readUInt16BE(at + 2) };
  const length = bytes.readBigUInt64BE(at + 2);
  return length > BigInt(Number.MAX_SAFE_INTEGER - start) ? VIOLATIONS.tooLarge : { opcode, final, start, end: start + Number(length) };
}

/** The payload without its mask, in place. Four bytes a step: twice as fast as one. */
export function unmask(bytes: Buffer, { start, end }: FrameHead): Buffer {
  const mask0 = bytes[start - 4] as number;
  const mask1 = bytes[start - 3] as number;
  const mask2 = bytes[start - 2] as number;
  const mask3 = bytes[start - 1] as number;
  let at = start;
  for (; at + 3 < end; at += 4) {
    (bytes[at] as number) ^= mask0;
    (bytes[at + 1] as number) ^= mask1;
    (bytes[at + 2] as number) ^= mask2;
    (bytes[at + 3] as number) ^= mask3;
  }
  if (at < end) (bytes[at++] as number) ^= mask0;
  if (at < end) (bytes[at++] as number) ^= mask1;
  if (at < end) (bytes[at] as number) ^= mask2;
  return bytes.subarray(start, end);
}

/** A frame of a server: whole, and without a mask. */
export function encodeControlFrame(opcode: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(2 + payload.length);
  frame[0] = FINAL | opcode;
  frame[1] = payload.length;
  frame.set(payload, 2);
  return frame;
}

/** The head of a text frame whose payload is written by itself. */
export function encodeLongTextHead(payloadBytes: number): Buffer {
  const head = Buffer.allocUnsafe(10);
  head[0] = FINAL | OPCODES.text;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(payloadBytes), 2);
  return head;
}

export function encodeClosePayload(code: number, reason: string): Buffer {
  const payload = Buffer.allocUnsafe(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return payload;
}

/** RFC 6455 section 7.4: codes that may stand in a close frame. */
export function isCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}
