import { ChatError, toChatError } from '../../../shared/errors/chat-error.js';
import { closeReasonOf } from '../../../shared/errors/close-reason.js';
import type { Moment } from '../../../shared/protocol/chain.js';
import { CLOSE_CODES } from '../../../shared/protocol/close-codes.js';
import type { ErrorFrame, HelloFrame, ServerFrame } from '../../../shared/protocol/frames.js';
import type { ChannelStore, Clock, DeviceCursors, Logger } from '../../../shared/ports/index.js';
import type { Carrier, ClosingWord, Connection, ConnectionHandler, StompOver } from '../connection.js';
import { agreeOnVersion, connectFrameOf } from './connect-frame.js';
import { Conversation, errorOf, type ConversationHost } from './conversation.js';
import type { DecodedFrames } from './decoded-frames.js';
import { closingFrame, errorFrame } from './error-frame.js';
import type { ServerStompFrame } from './encode.js';
import type { StompFrame, StompLimits, StompVersion } from './frame.js';
import { HeartBeats, parseHeartBeat, type HeartBeat } from './heart-beat.js';
import { Outgoing } from './outgoing.js';
import { invalid, StompParser } from './parser.js';
import type { Timed, TimingWheel } from './timing-wheel.js';

export interface StompDeps {
  readonly wheel: TimingWheel;
  readonly clock: Clock;
  readonly decoded: DecodedFrames;
  readonly cursors: DeviceCursors;
  readonly channels: Pick<ChannelStore, 'listForUser'>;
  readonly logger: Logger;
  readonly limits: StompLimits;
  /** What the server offers and wants; milliseconds. */
  readonly beats: HeartBeat;
  /** How often the session above is told that the client lives; less than its patience. */
  readonly pingMs: number;
  /** How long an event may wait for one before it that is still on its way. */
  readonly graceMs: number;
}

/** While so much waits in the socket, nothing is asked for that would be added. */
const UNREAD_BYTES = 128 * 1024;
const PING = { type: 'ping' };
const GOODBYE: ClosingWord = { code: 1000, reason: 'disconnected' };
const NO_BEATS: HeartBeat = { sends: 0, wants: 0 };
const NEVER = Infinity;

/**
 * STOMP between a transport and a session: to the transport it is what takes messages, to the session it is a connection that
 * speaks the protocol. What a STOMP client may do, any client may. `fresh` until CONNECT, `connecting` until hello, then `open`.
 */
export class StompConnection implements Connection, ConnectionHandler, ConversationHost, Timed {
  readonly transport: StompOver;
  readonly remoteAddress: string;
  handler: ConnectionHandler | undefined;
  readonly #inner: Connection;
  readonly #deps: StompDeps;
  readonly #parser: StompParser;
  readonly #outgoing: Outgoing;
  #state: 'fresh' | 'connecting' | 'open' | 'closed' = 'fresh';
  #version: StompVersion | undefined;
  #clientBeats = NO_BEATS;
  #beats: HeartBeats | undefined;
  #conversation: Conversation | undefined;
  #pingAt = NEVER;
  #leaveAt = NEVER;
  #armedFor = NEVER;
  #saidWhy = false;

  constructor(inner: Connection & { readonly transport: Carrier }, deps: StompDeps) {
    this.#inner = inner;
    this.#deps = deps;
    this.transport = `stomp-${inner.transport}`;
    this.remoteAddress = inner.remoteAddress;
    this.#parser = new StompParser(deps.limits);
    this.#outgoing = new Outgoing(inner);
  }

  get bufferedBytes(): number {
    return this.#inner.bufferedBytes;
  }

  get version(): StompVersion {
    return this.#version ?? '1.0';
  }

  get cursors(): DeviceCursors {
    return this.#deps.cursors;
  }

  get channels(): Pick<ChannelStore, 'listForUser'> {
    return this.#deps.channels;
  }

  /** From the transport below. */
  received(message: Uint8Array): void {
    this.guard(() => {
      this.#beats?.heard(this.#now());
      for (const item of this.#parser.read(message)) {
        if (item !== 'heart-beat') this.#takeCommand(item);
        if (this.#isClosed()) return;
      }
    });
  }

  drained(): void {
    this.handler?.drained();
    this.guard(() => this.#conversation?.pump());
  }

  closed(code: number): void {
    if (this.#isClosed()) return;
    this.#finish();
    this.handler?.closed(code);
  }

  /** From the session above: frames of the protocol. */
  send(frames: readonly Uint8Array[]): void {
    this.guard(() => {
      for (const bytes of frames) {
        const frame = this.#deps.decoded.of(bytes);
        this.#takeFrame(frame);
        if (this.#isClosed()) return;
      }
    });
  }

  /** From the session above, which has ended. */
  close(reason: ClosingWord): void {
    if (this.#isClosed()) return;
    if (!this.#saidWhy) this.#outgoing.write(closingFrame(reason));
    this.#hangUp(reason);
  }

  onTime(): undefined {
    this.#armedFor = NEVER;
    const now = this.#now();
    if (this.#beats?.lost(now) === true) this.#end(CLOSE_CODES.HEARTBEAT_TIMEOUT);
    else if (now >= this.#leaveAt) this.fail(new ChatError('DRAINING'), undefined);
    else this.guard(() => this.#keepUp(now));
  }

  moment(): Moment {
    return { now: this.#now(), serverNow: this.#deps.clock.now(), graceMs: this.#deps.graceMs };
  }

  canAsk(): boolean {
    return !this.#isClosed() && this.#inner.bufferedBytes < UNREAD_BYTES;
  }

  write(frame: ServerStompFrame): void {
    if (!this.#isClosed()) this.#outgoing.write(frame);
  }

  tellSession(frame: object): void {
    this.handler?.received(Buffer.from(JSON.stringify(frame)));
  }

  /** Runs a step of the connection: a client's mistake ends it, and what the step wrote leaves in one go. */
  guard(step: () => void): void {
    if (this.#isClosed()) return;
    try {
      step();
    } catch (error) {
      if (!(error instanceof ChatError)) this.#deps.logger.error({ error }, 'stomp frame failed unexpectedly');
      this.fail(toChatError(error), undefined);
    }
    if (this.#isClosed()) return;
    if (this.#conversation?.isOver === true) this.#leave(this.#conversation);
    else if (this.#outgoing.flush()) this.#beats?.said(this.#now());
    this.#arm();
  }

  /** The last word to the client, and the end. */
  fail(error: ChatError, receiptId: string | undefined): void {
    if (this.#isClosed()) return;
    this.#outgoing.write(errorFrame(error, receiptId));
    this.#end(closeReasonOf(error));
  }

  #takeCommand(frame: StompFrame): void {
    try {
      if (this.#state === 'fresh') this.#connect(frame);
      else if (this.#conversation === undefined) throw invalid(`${frame.command} before CONNECTED`);
      else this.#conversation.takeCommand(frame);
    } catch (error) {
      this.fail(toChatError(error), frame.headers.get('receipt'));
    }
  }

  #connect(frame: StompFrame): void {
    if (frame.command !== 'CONNECT' && frame.command !== 'STOMP')
      throw new ChatError('UNAUTHENTICATED', { details: { reason: 'CONNECT comes first' } });
    this.#version = agreeOnVersion(frame.headers.get('accept-version'));
    this.#parser.version = this.#version;
    this.#outgoing.version = this.#version;
    if (this.#version !== '1.0') this.#clientBeats = parseHeartBeat(frame.headers.get('heart-beat'));
    this.#state = 'connecting';
    this.tellSession(connectFrameOf(frame, this.#version));
  }

  #takeFrame(frame: ServerFrame): void {
    if (frame.type === 'hello') this.#welcome(frame);
    else if (frame.type === 'pong') return;
    else if (frame.type === 'drain') this.#leaveAt = this.#now() + Math.random() * frame.withinMs;
    else if (this.#conversation !== undefined) this.#conversation.takeFrame(frame);
    else if (frame.type === 'error') this.#explain(frame);
  }

  #welcome(hello: HelloFrame): void {
    const { beats, pingMs } = this.#deps;
    const { version } = this;
    this.#state = 'open';
    this.#conversation = new Conversation(hello, this);
    this.#beats = new HeartBeats(this.#clientBeats, beats, this.#now());
    this.#pingAt = this.#now() + pingMs;
    const since11 = version === '1.0' ? {} : { version, 'heart-beat': `${beats.sends},${beats.wants}` };
    this.#outgoing.write({
      command: 'CONNECTED',
      headers: { ...since11, session: hello.sessionId, server: `warren/${hello.version}`, 'user-name': hello.userId },
    });
  }

  /** Refused before hello: the session closes right after this, with the code that fits. */
  #explain(frame: ErrorFrame): void {
    this.#outgoing.write(errorFrame(errorOf(frame)));
    this.#saidWhy = true;
  }

  #keepUp(now: number): void {
    this.#conversation?.pump();
    if (now >= this.#pingAt) {
      this.#pingAt = now + this.#deps.pingMs;
      this.tellSession(PING);
    }
    if (this.#beats?.owes(now) !== true || this.#isClosed()) return;
    this.#outgoing.beat();
    this.#beats.said(now);
  }

  #leave(conversation: Conversation): void {
    conversation.sayGoodbye();
    this.#end(GOODBYE);
  }

  #end(reason: ClosingWord): void {
    this.#hangUp(reason);
    this.handler?.closed(reason.code);
  }

  #hangUp(reason: ClosingWord): void {
    this.#outgoing.flush();
    this.#finish();
    this.#inner.close(reason);
  }

  #finish(): void {
    this.#state = 'closed';
    this.#conversation = undefined;
    this.#deps.wheel.cancel(this);
  }

  /** One place in the wheel, for whatever comes first. */
  #arm(): void {
    if (this.#beats === undefined || this.#isClosed()) return;
    const next = Math.min(this.#beats.nextLook, this.#pingAt, this.#leaveAt, this.#conversation?.nextDue ?? NEVER);
    if (next >= this.#armedFor) return;
    this.#armedFor = next;
    this.#deps.wheel.set(this, Math.max(0, next - this.#now()));
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #now(): number {
    return this.#deps.clock.monotonic();
  }
}
