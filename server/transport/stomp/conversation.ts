import { NO_EVENT, type ChannelId, type EventId } from '../../../shared/domain/ids.js';
import { ChatError, toChatError } from '../../../shared/errors/chat-error.js';
import type { ErrorCode } from '../../../shared/errors/codes.js';
import type { Moment } from '../../../shared/protocol/chain.js';
import type { AckFrame, ErrorFrame, HelloFrame, ServerFrame } from '../../../shared/protocol/frames.js';
import type { ChannelStore, DeviceCursors } from '../../../shared/ports/index.js';
import { CursorKeeper } from './cursor-keeper.js';
import { sendTarget } from './destinations.js';
import type { ServerStompFrame } from './encode.js';
import type { StompFrame, StompVersion } from './frame.js';
import { invalid } from './parser.js';
import { PendingSends } from './pending-sends.js';
import { PresenceTopics } from './presence-topics.js';
import { receiptDraft } from './receipt-frames.js';
import { draftOf } from './send-frame.js';
import { Subscriptions } from './subscriptions.js';
import { SyncDesk } from './sync-desk.js';

/** What a conversation needs of the connection that it is on. */
export interface ConversationHost {
  readonly version: StompVersion;
  readonly cursors: DeviceCursors;
  readonly channels: Pick<ChannelStore, 'listForUser'>;
  moment(): Moment;
  /** Whether the client takes what it is sent. */
  canAsk(): boolean;
  write(frame: ServerStompFrame): void;
  /** A frame of the protocol, as from any client. */
  tellSession(frame: object): void;
  /** Runs what comes later by itself; a ChatError thrown in it ends the connection. */
  guard(step: () => void): void;
  fail(error: ChatError, receiptId: string | undefined): void;
}

/**
 * Commands beside SEND that may wait for their answer, by kind: what a client subscribes to and leaves again at once still has to be looked up,
 * and a burst of acknowledgements is as long as several subscriptions may make it.
 */
const MAX_UNANSWERED = { SUBSCRIBE: 200, ACK: 10_000 };

/** A connection from hello on: the client's commands to the session, the session's frames to the client. Throws ChatError where the client must be told and closed. */
export class Conversation {
  readonly #host: ConversationHost;
  readonly #hello: HelloFrame;
  readonly #desk: SyncDesk;
  readonly #presence: PresenceTopics;
  readonly #subscriptions: Subscriptions;
  readonly #sends = new PendingSends();
  readonly #unanswered = { SUBSCRIBE: 0, ACK: 0 };
  #goodbye: StompFrame | undefined;

  constructor(hello: HelloFrame, host: ConversationHost) {
    this.#host = host;
    this.#hello = hello;
    const desk = new SyncDesk({
      send: (frame) => host.tellSession(frame),
      canAsk: () => host.canAsk(),
      moment: () => host.moment(),
      onAnswer: (feed, outcome) => this.#subscriptions.answered(feed, outcome),
    });
    this.#desk = desk;
    this.#presence = new PresenceTopics({ send: (frame) => host.tellSession(frame), write: (frame) => host.write(frame) });
    this.#subscriptions = new Subscriptions({
      version: host.version,
      desk,
      presence: this.#presence,
      keeper: new CursorKeeper(host.cursors, hello.deviceId),
      listChannels: async () => (await host.channels.listForUser(hello.userId)).map(({ id }) => id),
      moment: () => host.moment(),
      onAcknowledged: (moves) => this.#tellDelivered(moves),
      write: (frame) => host.write(frame),
    });
  }

  /** When `pump` is to be called next, by the clock of the moments; Infinity for not at all. */
  get nextDue(): number {
    return this.#desk.nextDue;
  }

  /** The client has said goodbye, and everything before that is answered. */
  get isOver(): boolean {
    const { SUBSCRIBE, ACK } = this.#unanswered;
    return this.#goodbye !== undefined && this.#sends.size === 0 && SUBSCRIBE === 0 && ACK === 0;
  }

  pump(): void {
    this.#desk.pump();
  }

  /** The answer to DISCONNECT; to be asked for once it is over. */
  sayGoodbye(): void {
    if (this.#goodbye !== undefined) this.#giveReceipt(this.#goodbye);
  }

  /** @throws ChatError */
  takeCommand(frame: StompFrame): void {
    if (this.#goodbye !== undefined) throw invalid('nothing comes after DISCONNECT');
    if (frame.headers.has('transaction')) throw transactional();
    switch (frame.command) {
      case 'SEND':
        this.#send(frame);
        break;
      case 'SUBSCRIBE':
        this.#answerLater('SUBSCRIBE', frame, () => this.#subscriptions.subscribe(frame));
        break;
      case 'ACK':
        this.#answerLater('ACK', frame, () => this.#subscriptions.acknowledge(frame).then(nothing));
        break;
      case 'UNSUBSCRIBE':
        this.#subscriptions.unsubscribe(frame);
        this.#giveReceipt(frame);
        break;
      case 'NACK':
        this.#subscriptions.refuse(frame);
        this.#giveReceipt(frame);
        break;
      case 'DISCONNECT':
        this.#goodbye = frame;
        break;
      case 'BEGIN':
      case 'COMMIT':
      case 'ABORT':
        throw transactional();
      default:
        throw invalid('connected already');
    }
  }

  /** A frame of the session. @throws ChatError */
  takeFrame(frame: Exclude<ServerFrame, { readonly type: 'hello' | 'drain' | 'pong' }>): void {
    switch (frame.type) {
      case 'error':
        this.#takeError(frame);
        break;
      case 'ack':
        this.#takeAck(frame);
        break;
      case 'synced':
        this.#desk.answer(frame);
        this.#desk.pump();
        break;
      case 'presence':
        this.#presence.take(frame);
        break;
      case 'channel':
        this.#subscriptions.notice(frame);
        break;
      case 'receipts':
        this.#subscriptions.tellReceipts(frame);
        break;
      case 'resync':
        this.#subscriptions.resync(frame.withinMs).catch((error: unknown) => this.#host.fail(toChatError(error), undefined));
        break;
      default:
        this.#subscriptions.take(frame);
        this.#desk.pump();
    }
  }

  #send(frame: StompFrame): void {
    const { kind, channelId } = sendTarget(frame.headers.get('destination'));
    if (kind === 'receipt') {
      this.#host.tellSession(receiptDraft(frame, channelId));
      this.#giveReceipt(frame);
      return;
    }
    const draft = draftOf(frame, channelId);
    this.#sends.add(draft, frame.headers.get('receipt'));
    this.#host.tellSession(draft);
  }

  #tellDelivered(moves: ReadonlyMap<ChannelId, EventId>): void {
    for (const [channelId, delivered] of moves)
      if (delivered !== NO_EVENT) this.#host.tellSession({ type: 'receipt', channelId, delivered });
  }

  #takeAck(ack: AckFrame): void {
    const sent = this.#sends.acknowledge(ack, this.#hello.userId);
    if (sent === undefined) return;
    this.#subscriptions.take(sent.event);
    this.#desk.pump();
    if (sent.receipt !== undefined) this.#host.write(sent.receipt);
  }

  #takeError(frame: ErrorFrame): void {
    if (this.#presence.refuse(frame, errorOf(frame)) || this.#desk.refuse(frame)) return;
    this.#host.fail(errorOf(frame), this.#sends.refuse(frame));
  }

  #answerLater(kind: keyof typeof MAX_UNANSWERED, frame: StompFrame, work: () => Promise<EventId | undefined>): void {
    if (this.#unanswered[kind] >= MAX_UNANSWERED[kind]) throw new ChatError('OVERLOADED', { details: { retryAfterMs: 500 } });
    const done = work();
    this.#unanswered[kind] += 1;
    done.then(
      (eventId) =>
        this.#host.guard(() => {
          this.#unanswered[kind] -= 1;
          this.#giveReceipt(frame, eventId);
        }),
      (error: unknown) => this.#host.fail(toChatError(error), frame.headers.get('receipt')),
    );
  }

  #giveReceipt({ headers }: StompFrame, eventId?: EventId): void {
    const receipt = headers.get('receipt');
    if (receipt !== undefined) this.#host.write({ command: 'RECEIPT', headers: { 'receipt-id': receipt, 'event-id': eventId } });
  }
}

function nothing(): undefined {
  // A receipt without more.
}

function transactional(): ChatError {
  return invalid('transactions are not supported: send each frame by itself');
}

/** An error frame as the error that it was. */
export function errorOf(frame: ErrorFrame): ChatError {
  const { code, details, retryAfterMs } = frame;
  return new ChatError(code as ErrorCode, { details: { ...details, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } });
}
