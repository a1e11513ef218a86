import type { DeviceId, SessionId, UserId } from '../../shared/domain/ids.js';
import { ChatError, toChatError } from '../../shared/errors/chat-error.js';
import { closeReasonOf } from '../../shared/errors/close-reason.js';
import { CLOSE_CODES, type CloseReason } from '../../shared/protocol/close-codes.js';
import type { ClientId } from '../../shared/domain/ids.js';
import type { ConnectFrame, ErrorFrame, ServerFrame } from '../../shared/protocol/frames.js';
import type { Connection, ConnectionHandler } from '../transport/connection.js';
import { decodeFrames, type DecodedFrame } from './decode-frames.js';
import { Outbox } from './outbox.js';
import type { SessionHost } from './session-host.js';

export interface Identity {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
}

/** What an answered frame is known by. */
export interface Reference {
  readonly clientId?: ClientId | undefined;
  readonly requestId?: string | undefined;
}

/** A connection that said nothing usable for this long, or misbehaved this often, is closed. */
const MAX_BAD_FRAMES = 20;

/**
 * One connection of one device: `fresh` until its connect frame, `connecting` while that is checked, `open` after
 * hello, `closed` for ever. Its identity never changes.
 */
export class Session implements ConnectionHandler {
  readonly id: SessionId;
  readonly #connection: Connection;
  readonly #host: SessionHost;
  readonly #outbox: Outbox;
  #state: 'fresh' | 'connecting' | 'open' | 'closed' = 'fresh';
  #identity: Identity | undefined;
  #badFrames = 0;
  /** Milliseconds, monotonic, of the last frame of any kind; until hello, of the connection. */
  lastSeen: number;

  constructor(options: { readonly id: SessionId; readonly connection: Connection; readonly host: SessionHost; readonly now: number }) {
    this.id = options.id;
    this.#connection = options.connection;
    this.#host = options.host;
    this.lastSeen = options.now;
    this.#outbox = new Outbox({ connection: options.connection, flusher: options.host.flusher, maxBytes: options.host.outboxBytes });
  }

  get open(): boolean {
    return this.#state === 'open';
  }

  get remoteAddress(): string {
    return this.#connection.remoteAddress;
  }

  get transport(): Connection['transport'] {
    return this.#connection.transport;
  }

  /** Undefined until its token or ticket was found right. */
  get deviceId(): DeviceId | undefined {
    return this.#identity?.deviceId;
  }

  /** Who it is; only asked of a session that is or was open, or is being let in. */
  get identity(): Identity {
    if (this.#identity === undefined) throw new TypeError('the session is not authenticated');
    return this.#identity;
  }

  received(message: Uint8Array): void {
    if (this.#state === 'closed') return;
    const decoded = decodeFrames(message);
    if (decoded instanceof ChatError) {
      this.#reject(decoded, {});
      return;
    }
    if (this.#state === 'open') this.lastSeen = this.#host.now();
    for (const frame of decoded) this.#handle(frame);
  }

  drained(): void {
    this.#outbox.flush();
  }

  closed(code: number): void {
    if (this.#state === 'closed') return;
    this.#end(code);
  }

  /** Frames as bytes; a session that is not open drops them: its device syncs after hello. */
  push(frame: Uint8Array): void {
    if (this.#state === 'closed' || this.#outbox.push(frame)) return;
    this.close(CLOSE_CODES.SLOW_CONSUMER);
  }

  send(frame: ServerFrame): void {
    this.push(Buffer.from(JSON.stringify(frame)));
  }

  sendError(error: ChatError, reference: Reference): void {
    this.send(toErrorFrame(error, reference));
  }

  close(reason: CloseReason): void {
    if (this.#state === 'closed') return;
    this.#outbox.flush();
    this.#connection.close(reason);
    this.#end(reason.code);
  }

  #end(code: number): void {
    const wasOpen = this.#state === 'open';
    this.#state = 'closed';
    this.#outbox.clear();
    this.#host.ended(this, { wasOpen, code });
  }

  #handle(decoded: DecodedFrame): void {
    if (this.#state === 'closed') return;
    if (decoded instanceof ChatError) this.#reject(decoded, referenceOf(decoded));
    else if (decoded.type === 'connect') this.#connect(decoded);
    else if (this.#state !== 'open') this.close(CLOSE_CODES.UNAUTHENTICATED);
    else if (decoded.type === 'ping') this.send({ type: 'pong' });
    else this.#host.handle(this, decoded);
  }

  #connect(frame: ConnectFrame): void {
    if (this.#state !== 'fresh') {
      this.close(CLOSE_CODES.PROTOCOL_ERROR);
      return;
    }
    this.#state = 'connecting';
    this.#enter(frame).then(
      (refusal) => (refusal === undefined ? this.#welcome() : this.#refuse(refusal)),
      (error: unknown) => this.#refuse(toChatError(error)),
    );
  }

  /** It has its identity before anybody is asked whether that was logged out: a log-out after the answer finds the session. */
  async #enter(frame: ConnectFrame): Promise<ChatError | undefined> {
    const identity = this.#host.identify(frame);
    this.#identity = identity instanceof Promise ? await identity : identity;
    return this.#host.admit(this);
  }

  #welcome(): void {
    if (this.#state !== 'connecting') {
      this.#host.abandoned(this);
      return;
    }
    this.#state = 'open';
    this.lastSeen = this.#host.now();
    this.push(Buffer.from(this.#host.hello(this)));
    this.#host.opened(this);
  }

  #refuse(error: ChatError): void {
    if (this.#state === 'closed') return;
    this.sendError(error, {});
    this.close(closeReasonOf(error));
  }

  /** A client's mistake is answered; too many of them, or any before hello, end the connection. */
  #reject(error: ChatError, reference: Reference): void {
    this.sendError(error, reference);
    this.#badFrames += 1;
    if (error.code === 'TOO_LARGE') this.close(CLOSE_CODES.TOO_LARGE);
    else if (this.#state !== 'open' || this.#badFrames > MAX_BAD_FRAMES) this.close(closeReasonOf(error));
  }
}

export function toErrorFrame(error: ChatError, reference: Reference): ErrorFrame {
  const { clientId, requestId, retryAfterMs, ...details }: Reference & Readonly<Record<string, unknown>> = {
    ...error.details,
    ...reference,
  };
  return {
    type: 'error',
    code: error.code,
    message: error.message,
    temporary: error.temporary,
    ...(clientId === undefined ? {} : { clientId }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

function referenceOf(error: ChatError): Reference {
  return { clientId: error.details?.['clientId'] as ClientId | undefined, requestId: error.details?.['requestId'] as string | undefined };
}
