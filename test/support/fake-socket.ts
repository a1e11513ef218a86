import type { ClientFrame, HelloFrame, ServerFrame } from '../../shared/protocol/frames.js';
import type { DeviceId, ServerId, SessionId, UserId } from '../../shared/domain/ids.js';
import type { SocketConstructor, SocketLike } from '../../client/socket.js';

type Listener = (event: never) => void;

/** A WebSocket whose other end is the test. */
export class FakeSocket implements SocketLike {
  readonly url: string;
  readonly protocols: readonly string[];
  /** What this end agreed to; set before `open`. */
  protocol = '';
  /** WebSocket messages as they were sent. */
  readonly messages: string[] = [];
  closedByClient = false;
  /** Called with each frame that the client sends. */
  onFrame: (frame: ClientFrame) => void = () => undefined;
  readonly #listeners = new Map<string, Listener[]>();

  constructor(url: string, protocols: readonly string[] = []) {
    this.url = url;
    this.protocols = protocols;
  }

  get frames(): ClientFrame[] {
    return this.messages.flatMap((message) => message.split('\n').map((line) => JSON.parse(line) as ClientFrame));
  }

  sent<Type extends ClientFrame['type']>(type: Type): Extract<ClientFrame, { type: Type }>[] {
    return this.frames.filter((frame): frame is Extract<ClientFrame, { type: Type }> => frame.type === type);
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(data: string): void {
    this.messages.push(data);
    for (const line of data.split('\n')) this.onFrame(JSON.parse(line) as ClientFrame);
  }

  close(): void {
    this.closedByClient = true;
  }

  open(): void {
    this.#emit('open', {});
  }

  push(...frames: readonly ServerFrame[]): void {
    if (!this.closedByClient) this.#emit('message', { data: frames.map((frame) => JSON.stringify(frame)).join('\n') });
  }

  pushText(data: string): void {
    this.#emit('message', { data });
  }

  end(code: number): void {
    this.#emit('close', { code, reason: '' });
  }

  #emit(type: string, event: unknown): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }
}

/** Constructs sockets and keeps them, in order. */
export function createSockets(onSocket: (socket: FakeSocket) => void = () => undefined): {
  readonly all: FakeSocket[];
  readonly last: () => FakeSocket;
  readonly WebSocket: SocketConstructor;
} {
  const all: FakeSocket[] = [];
  class Socket extends FakeSocket {
    constructor(url: string, protocols?: readonly string[]) {
      super(url, protocols);
      all.push(this);
      onSocket(this);
    }
  }
  const last = (): FakeSocket => {
    const socket = all.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  return { all, last, WebSocket: Socket };
}

export function helloFrame(parts: Partial<HelloFrame> = {}): HelloFrame {
  return {
    type: 'hello',
    version: 1,
    serverId: 'server1' as ServerId,
    sessionId: 'session1' as SessionId,
    userId: '0K3V000000001' as UserId,
    deviceId: '0K3V00000000D' as DeviceId,
    heartbeat: { intervalMs: 25_000, timeoutMs: 60_000 },
    limits: { contentChars: 100_000, frameBytes: 1_048_576, sendsPerSecond: 50 },
    serverTime: '2026-11-18T10:00:00.000Z',
    ...parts,
  };
}
