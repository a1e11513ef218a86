import type { ServerId } from '../shared/domain/ids.js';
import { ChatError, toChatError } from '../shared/errors/chat-error.js';
import type { Clock, Gauge, Logger, Metrics } from '../shared/ports/index.js';
import type { CommandFrame, ConnectFrame, WatchFrame } from '../shared/protocol/frames.js';
import { Admission } from './chat/admission.js';
import { CommandAnswer } from './chat/command-answer.js';
import { admitCommand, startCommand, type CommandDeps } from './chat/handle-command.js';
import { handleSync, type SyncDeps } from './chat/handle-sync.js';
import type { ReceiptDesk } from './chat/receipt-desk.js';
import { SendBudget } from './chat/send-budget.js';
import type { Presence } from './chat/presence/presence.js';
import type { Entrance } from './routing/entrance.js';
import type { SessionRoutes } from './routing/session-routes.js';
import { authenticate, type AuthenticateDeps } from './session/authenticate.js';
import { HelloEncoder } from './session/hello.js';
import type { ChatFrame, SessionHost } from './session/session-host.js';
import type { SessionRegistry } from './session/session-registry.js';
import { makeSessionId } from './session/session-id.js';
import { Session, type Identity } from './session/session.js';
import { TransportGauges } from './session/transport-gauges.js';
import { TurnFlusher } from './session/turn-flusher.js';
import type { Connection } from './transport/connection.js';

export interface ChatServerOptions {
  readonly serverId: ServerId;
  readonly heartbeat: { readonly intervalMs: number; readonly timeoutMs: number };
  readonly sendsPerSecond: number;
  readonly outboxBytes: number;
}

export interface ChatServerDeps extends CommandDeps, SyncDeps, AuthenticateDeps {
  readonly sessions: SessionRegistry;
  readonly entrance: Pick<Entrance, 'admit'>;
  readonly routes: Pick<SessionRoutes, 'remove'>;
  readonly presence: Presence;
  readonly receiptDesk: Pick<ReceiptDesk, 'take'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly onConnectionsChanged: () => void;
}

/** Requests of one session that may be under way at once, beside its commands, which the pipeline bounds. */
const SYNCS_PER_SESSION = 4;

/** The server around the sessions: joins transport, session and chat. */
export class ChatServer implements SessionHost {
  readonly flusher = new TurnFlusher();
  readonly outboxBytes: number;
  readonly #deps: ChatServerDeps;
  readonly #hello: HelloEncoder;
  readonly #budget: SendBudget;
  readonly #admission = new Admission((session, frame) => admitCommand(this.#deps, session, frame));
  readonly #syncs = new WeakMap<Session, number>();
  readonly #connections: Gauge;
  readonly #byTransport: TransportGauges;

  constructor(deps: ChatServerDeps, options: ChatServerOptions) {
    this.#deps = deps;
    this.outboxBytes = options.outboxBytes;
    this.#hello = new HelloEncoder(options);
    this.#budget = new SendBudget(options.sendsPerSecond);
    this.#connections = deps.metrics.gauge('warren_connections', 'Open connections of this server');
    this.#byTransport = new TransportGauges(deps.metrics);
  }

  accept(connection: Connection): Session {
    const session = new Session({ id: makeSessionId(), connection, host: this, now: this.now() });
    this.#deps.sessions.track(session);
    this.#byTransport.add(session.transport, 1);
    this.#countConnections();
    return session;
  }

  now(): number {
    return this.#deps.clock.monotonic();
  }

  identify(frame: ConnectFrame): Identity | Promise<Identity> {
    return authenticate(this.#deps, frame);
  }

  /** The route is written before hello is answered: whatever is appended later is routed here, whatever was before is synced. */
  admit(session: Session): Promise<ChatError | undefined> {
    return this.#deps.entrance.admit(session);
  }

  hello(session: Session): string {
    return this.#hello.encode(session, this.#deps.clock.now());
  }

  opened(session: Session): void {
    this.#deps.sessions.open(session);
    const { id: sessionId, transport, identity } = session;
    const { userId, deviceId } = identity;
    this.#deps.logger.debug({ sessionId, transport, userId, deviceId }, 'session opened');
  }

  abandoned(session: Session): void {
    this.#deps.routes.remove(session);
  }

  ended(session: Session, how: { readonly wasOpen: boolean; readonly code: number }): void {
    this.#deps.sessions.forget(session, how);
    this.#deps.presence.forget(session);
    this.#byTransport.add(session.transport, -1);
    this.#countConnections();
    if (how.wasOpen) this.#deps.routes.remove(session);
    this.#deps.logger.debug({ sessionId: session.id, code: how.code }, 'session ended');
  }

  handle(session: Session, frame: ChatFrame): void {
    if (frame.type === 'watch') this.#watch(session, frame);
    else if (frame.type === 'unwatch') this.#deps.presence.unwatch(session, frame.teamId);
    else if (frame.type === 'sync') {
      this.#sync(session, frame).then(
        (reply) => session.send(reply),
        (error: unknown) => session.sendError(this.#explain(error), { requestId: frame.requestId }),
      );
    } else if (frame.type === 'receipt') this.#deps.receiptDesk.take({ userId: session.identity.userId, teller: session }, frame);
    else this.#admit(session, frame);
  }

  #countConnections(): void {
    this.#connections.set(this.#deps.sessions.size);
    this.#deps.onConnectionsChanged();
  }

  #watch(session: Session, { teamId, requestId }: WatchFrame): void {
    const refuse = (error: unknown): void => session.sendError(this.#explain(error), { requestId });
    try {
      this.#budget.take(session.identity.userId, this.now());
      this.#deps.presence.watch(session, teamId).catch(refuse);
    } catch (error) {
      refuse(error);
    }
  }

  /** Most commands need no look-up and go on in the same turn, without a promise or a function of their own. */
  #admit(session: Session, frame: CommandFrame): void {
    const answer = new CommandAnswer(session, frame, this.#explain);
    try {
      this.#budget.take(session.identity.userId, this.now());
    } catch (error) {
      answer.failed(error);
      return;
    }
    const admitted = this.#admission.enter(session, frame);
    if (admitted === undefined) startCommand(this.#deps, session, { frame, listener: answer });
    else this.#startWhenAdmitted(session, { frame, listener: answer }, admitted);
  }

  #startWhenAdmitted(
    session: Session,
    command: { readonly frame: CommandFrame; readonly listener: CommandAnswer },
    admitted: Promise<void>,
  ): void {
    admitted.then(
      () => startCommand(this.#deps, session, command),
      (error: unknown) => command.listener.failed(error),
    );
  }

  async #sync(session: Session, frame: Extract<ChatFrame, { type: 'sync' }>): ReturnType<typeof handleSync> {
    const running = this.#syncs.get(session) ?? 0;
    if (running >= SYNCS_PER_SESSION) throw new ChatError('RATE_LIMITED', { details: { retryAfterMs: 200 } });
    this.#syncs.set(session, running + 1);
    try {
      return await handleSync(this.#deps, session.identity.userId, frame);
    } finally {
      this.#syncs.set(session, (this.#syncs.get(session) ?? 1) - 1);
    }
  }

  readonly #explain = (error: unknown): ChatError => {
    const chatError = toChatError(error);
    if (chatError.code === 'INTERNAL') this.#deps.logger.error({ error }, 'command failed unexpectedly');
    return chatError;
  };
}
