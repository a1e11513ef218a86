import type { RawData, WebSocket } from 'ws';
import { CLOSE_CODES } from '../../../shared/protocol/close-codes.js';
import { joinLines } from '../../../shared/protocol/lines.js';
import type { ClosingWord, Connection, ConnectionHandler } from '../connection.js';
import { answerPing } from '../websocket/ws-settings.js';
import { closeFrame, decodePayload, HEARTBEAT_FRAME, messagesFrame, OPEN_FRAME } from './framing.js';

/** A peer that does not answer a close frame is cut off after this long. */
const CLOSE_WAIT_MS = 3_000;
const TEXT = { binary: false };

/** SockJS framing on a WebSocket: the session lives as long as the socket. */
export class SockJsWebSocketSession implements Connection {
  readonly transport = 'sockjs-websocket';
  readonly remoteAddress: string;
  handler: ConnectionHandler | undefined;
  readonly #ws: WebSocket;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(ws: WebSocket, options: { readonly remoteAddress: string; readonly heartbeatMs: number; readonly onGone: () => void }) {
    this.#ws = ws;
    this.remoteAddress = options.remoteAddress;
    this.#heartbeat = setInterval(() => this.#write(HEARTBEAT_FRAME), options.heartbeatMs).unref();
    ws.on('message', (data: RawData) => this.#receive((data as Buffer).toString('utf8')));
    ws.on('ping', answerPing);
    ws.on('error', (error: Error & { readonly code?: string }) => this.#fail(error.code));
    ws.on('close', (code) => {
      clearInterval(this.#heartbeat);
      options.onGone();
      this.handler?.closed(code);
    });
    this.#write(OPEN_FRAME);
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  send(frames: readonly Uint8Array[]): void {
    this.#write(messagesFrame([joinLines(frames)]));
  }

  close(reason: ClosingWord): void {
    this.#write(closeFrame(reason));
    this.#ws.close(reason.code, reason.reason);
    setTimeout(() => this.#ws.terminate(), CLOSE_WAIT_MS).unref();
  }

  #write(frame: string): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.send(frame, TEXT);
  }

  #receive(text: string): void {
    const payload = decodePayload(text);
    if ('messages' in payload) for (const message of payload.messages) this.handler?.received(message);
    else if (payload.problem === 'broken') this.#ws.terminate();
  }

  #fail(code: string | undefined): void {
    if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this.close(CLOSE_CODES.TOO_LARGE);
  }
}
