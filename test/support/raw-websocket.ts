import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';

export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface RawFrameOptions {
  readonly opcode: number;
  readonly payload?: Buffer | string;
  readonly fin?: boolean;
  /** The three reserved bits. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** Bytes of the length field beyond what is needed: 2 or 8. */
  readonly lengthBytes?: 2 | 8;
  /** What the header says, where that is not the truth. */
  readonly claimedLength?: bigint;
}

export interface ServerFrameBytes {
  readonly fin: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

/** One frame as a client writes it: right, or wrong in the ways that the options say. */
export function encodeFrame(options: RawFrameOptions): Buffer {
  const { opcode, fin = true, reserved = 0, masked = true } = options;
  const payload = Buffer.from(options.payload ?? '');
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const length = options.claimedLength ?? BigInt(payload.length);
  const width = options.lengthBytes ?? (length > 0xffffn ? 8 : length > 125n ? 2 : 0);
  const header = Buffer.alloc(2 + width);
  header[0] = first;
  header[1] = (masked ? 0x80 : 0) | (width === 0 ? Number(length) : width === 2 ? 126 : 127);
  if (width === 2) header.writeUInt16BE(Number(length), 2);
  else if (width === 8) header.writeBigUInt64BE(length, 2);
  if (!masked) return Buffer.concat([header, payload]);
  const mask = randomBytes(4);
  return Buffer.concat([header, mask, payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0))]);
}

/** A WebSocket client of bytes: sends anything, and sees everything. */
export class RawWebSocket {
  readonly socket: Socket;
  /** Resolves with the code of the server's close frame when the connection is over; 1006 when it came without one. */
  readonly closed: Promise<number>;
  readonly #frames: ServerFrameBytes[] = [];
  #bytes: Buffer;
  #code = 1006;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket, first: Buffer) {
    this.socket = socket;
    this.#bytes = first;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    this.closed = new Promise((resolve) =>
      socket.once('close', () => {
        resolve(this.#code);
        this.#wake();
      }),
    );
    this.#take(Buffer.alloc(0));
  }

  static async open(url: string, headers: Readonly<Record<string, string>> = {}, early?: Uint8Array): Promise<RawWebSocket> {
    const { socket, head, rest } = await handshake(url, headers, early);
    if (!head.startsWith('HTTP/1.1 101 ')) throw new Error(head.split('\r\n', 1)[0]);
    return new RawWebSocket(socket, rest);
  }

  send(...frames: readonly RawFrameOptions[]): void {
    this.write(Buffer.concat(frames.map(encodeFrame)));
  }

  write(bytes: Buffer): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  /** The next frame that is no close frame; undefined when the connection is over. */
  async next(): Promise<ServerFrameBytes | undefined> {
    while (this.#frames.length === 0) {
      if (this.socket.destroyed) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#frames.shift();
  }

  destroy(): void {
    this.socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (let frame = this.#parse(); frame !== undefined; frame = this.#parse()) {
      if (frame.opcode !== OPCODES.close) this.#frames.push(frame);
      else this.#code = frame.payload.length < 2 ? 1005 : frame.payload.readUInt16BE(0);
    }
    this.#wake();
  }

  #parse(): ServerFrameBytes | undefined {
    const bytes = this.#bytes;
    const short = (bytes[1] ?? 0) & 0x7f;
    const width = short === 127 ? 8 : short === 126 ? 2 : 0;
    if (bytes.length < 2 + width) return undefined;
    const length = width === 8 ? Number(bytes.readBigUInt64BE(2)) : width === 2 ? bytes.readUInt16BE(2) : short;
    const end = 2 + width + length;
    if (bytes.length < end) return undefined;
    this.#bytes = bytes.subarray(end);
    const first = bytes[0] ?? 0;
    return { fin: (first & 0x80) !== 0, opcode: first & 0x0f, payload: Buffer.from(bytes.subarray(2 + width, end)) };
  }
}

/** What the server answers to a request for an upgrade; `early` is sent in one write with it. */
export async function handshake(url: string, headers: Readonly<Record<string, string>> = {}, early: Uint8Array = Buffer.alloc(0)) {
  const { hostname, port, pathname, search, host } = new URL(url);
  const socket = connect(Number(port === '' ? 80 : port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const all = {
    Host: host,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(Buffer.concat([Buffer.from(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`), early]));
  let bytes = Buffer.alloc(0);
  while (!bytes.includes('\r\n\r\n') && !socket.destroyed) {
    const [chunk] = (await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [Buffer.alloc(0)])])) as [Buffer];
    bytes = Buffer.concat([bytes, chunk]);
  }
  const at = bytes.indexOf('\r\n\r\n') + 4;
  return { socket, head: bytes.subarray(0, at).toString('latin1'), rest: bytes.subarray(at) };
}
