import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { CLOSE_CODES } from '../../../shared/protocol/close-codes.js';
import { joinLines, linesLength } from '../../../shared/protocol/lines.js';
import { clientAddress } from '../client-address.js';
import type { ClosingWord, Connection, ConnectionHandler } from '../connection.js';
import type { Door } from '../door.js';
import { CLOSE_WAIT_MS, type EngineOptions, type WebSocketEngine } from './engine.js';
import { HeldAnswer } from './held-answer.js';
import { negotiate, parseSubprotocols } from './handshake.js';
import { WHOLE_FRAME_BYTES, writeTextFrame } from './text-frame.js';
import { answerPing, WS_SETTINGS } from './ws-settings.js';

const CONNECTION = Symbol('connection');

interface Socket extends WebSocket {
  [CONNECTION]?: WebSocketConnection;
}

/**
 * WebSockets by `ws`, tuned for many idle connections: listeners are shared functions, so that a connection owns no
 * closure.
 */
export class WsEngine implements WebSocketEngine {
  readonly #server: WebSocketServer;
  readonly #options: EngineOptions;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#server = new WebSocketServer({
      ...WS_SETTINGS,
      maxPayload: options.maxMessageBytes,
      handleProtocols: (offered) => negotiate([...offered], options).agreed ?? false,
    });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { accept, door } = this.#options;
    const remoteAddress = clientAddress(request);
    const { firstMessage } = negotiate(parseSubprotocols(request.headers['sec-websocket-protocol']) ?? [], this.#options);
    const answer = firstMessage === undefined ? undefined : new HeldAnswer(socket);
    this.#server.handleUpgrade(request, socket, head, (ws: Socket) => {
      door.enter(remoteAddress);
      const connection = new WebSocketConnection(ws, { remoteAddress, socket, door, answer });
      ws[CONNECTION] = connection;
      ws.on('message', onMessage);
      ws.on('ping', answerPing);
      ws.on('close', onClose);
      ws.on('error', onError);
      connection.handler = accept(connection);
      if (firstMessage !== undefined) connection.handler.received(firstMessage);
    });
  }
}

class WebSocketConnection implements Connection {
  readonly transport = 'websocket';
  readonly remoteAddress: string;
  handler: ConnectionHandler | undefined;
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  readonly #door: Door;
  #answer: HeldAnswer | undefined;

  constructor(
    ws: WebSocket,
    options: { readonly remoteAddress: string; readonly socket: Duplex; readonly door: Door; readonly answer: HeldAnswer | undefined },
  ) {
    this.#ws = ws;
    this.#socket = options.socket;
    this.#door = options.door;
    this.#answer = options.answer;
    this.remoteAddress = options.remoteAddress;
    options.socket.on('drain', () => this.handler?.drained());
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  send(frames: readonly Uint8Array[]): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    const length = linesLength(frames);
    if (length <= WHOLE_FRAME_BYTES) writeTextFrame(this.#socket, frames, length);
    else this.#ws.send(joinLines(frames), TEXT);
    this.#letAnswerGo();
  }

  close(reason: ClosingWord): void {
    this.#ws.close(reason.code, reason.reason);
    this.#letAnswerGo();
    setTimeout(() => this.#ws.terminate(), CLOSE_WAIT_MS).unref();
  }

  ended(code: number): void {
    this.#door.leave(this.remoteAddress);
    this.handler?.closed(code);
  }

  #letAnswerGo(): void {
    if (this.#answer === undefined) return;
    this.#answer.letGo();
    this.#answer = undefined;
  }
}

const TEXT = { binary: false };

function onMessage(this: Socket, data: RawData): void {
  this[CONNECTION]?.handler?.received(data as Buffer);
}

function onClose(this: Socket, code: number): void {
  this[CONNECTION]?.ended(code);
}

/** Frames that break RFC 6455, invalid UTF-8, too large a message: ws closes with the right code after this event. */
function onError(this: Socket, error: Error & { readonly code?: string }): void {
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this[CONNECTION]?.close(CLOSE_CODES.TOO_LARGE);
}
