import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { clientAddress } from '../client-address.js';
import { refuseUpgrade } from '../endpoint.js';
import type { EngineOptions, WebSocketEngine } from './engine.js';
import { answerHandshake } from './handshake.js';
import { LeanConnection } from './lean-connection.js';

const CONNECTION = Symbol('connection');

/** What `http` hands over is a TCP socket. */
interface LeanSocket extends Duplex {
  [CONNECTION]?: LeanConnection;
  setTimeout(ms: number): this;
  setNoDelay(): this;
}

/**
 * RFC 6455 on bare sockets: no stream, emitter or closure of its own per connection, and nothing held between frames. What it saves
 * beside `ws` stands in docs/performance.md. All sockets share the listeners below.
 */
export class LeanEngine implements WebSocketEngine {
  readonly #options: EngineOptions;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  upgrade(request: IncomingMessage, socket: LeanSocket, head: Buffer): void {
    const answer = answerHandshake(request, this.#options);
    if (!answer.accepted) {
      refuseUpgrade(socket, answer.status, answer.headers);
      return;
    }
    // The peer has ended its side already.
    if (!socket.readable || !socket.writable) {
      socket.destroy();
      return;
    }
    socket.setTimeout(0);
    socket.setNoDelay();
    const connection = new LeanConnection(socket, clientAddress(request), this.#options);
    socket[CONNECTION] = connection;
    socket.on('data', onData);
    socket.on('drain', onDrain);
    socket.on('end', onEnd);
    socket.on('close', onClose);
    connection.answer(answer.response, { hold: answer.firstMessage !== undefined });
    connection.begin(this.#options.accept);
    if (answer.firstMessage !== undefined) connection.handler?.received(answer.firstMessage);
    if (head.length > 0) connection.take(head);
  }
}

function onData(this: LeanSocket, chunk: Buffer): void {
  this[CONNECTION]?.take(chunk);
}

function onDrain(this: LeanSocket): void {
  this[CONNECTION]?.handler?.drained();
}

function onEnd(this: LeanSocket): void {
  this[CONNECTION]?.peerEnded();
}

function onClose(this: LeanSocket): void {
  this[CONNECTION]?.ended();
}
