import type { HelloFrame, ServerFrame } from '../shared/protocol/frames.js';
import type { ServerChoice } from '../shared/protocol/http.js';
import { CLOSE_CODES, mayReconnect } from '../shared/protocol/close-codes.js';
import { PROTOCOL_VERSION } from '../shared/protocol/limits.js';
import { isCleanClose, stopReason, type ConnectionState, type StopReason } from './connection-state.js';
import { toWarrenError, WarrenError } from './errors.js';
import { Link, type LinkEvents } from './link.js';
import type { Schedule } from './schedule.js';
import type { ServerList } from './server-list.js';
import type { SocketConstructor } from './socket.js';

export type Credential = { readonly token: string } | { readonly ticket: string };

export interface ConnectionOptions {
  readonly schedule: Schedule;
  readonly WebSocket: SocketConstructor;
  readonly servers: ServerList;
  /** Name and version of the client, for the server's logs. */
  readonly clientName: string;
  readonly connectTimeoutMs: number;
  readonly pongTimeoutMs: number;
  readonly probeTimeoutMs: number;
  /** How long an old socket stays open after another one took over, for answers that are under way; ms. */
  readonly lingerMs: number;
  /** May refresh the access token first. */
  readonly credential: () => Promise<Credential>;
  /** The server called the access token expired: get another one. */
  readonly renewCredential: () => Promise<unknown>;
  readonly discover: () => Promise<readonly ServerChoice[]>;
  readonly events: ConnectionEvents;
}

export interface ConnectionEvents {
  onState(state: ConnectionState): void;
  /** Frames written from now on go to this link. */
  onHello(hello: HelloFrame, link: Link): void;
  onFrame(frame: ServerFrame, link: Link): void;
  /** What was sent on it and not answered has to be sent again. */
  onLost(link: Link): void;
  onGarbage(error: unknown): void;
}

const BACKOFF = { baseMs: 250, capMs: 15_000 };
/** A connection that lived this long was a success: the next failure starts with short waits again. */
const STABLE_MS = 5_000;
/**
 * A proxy that drops the subprotocols makes browsers fail the connection: of so many attempts that do not open, one offers none; and what
 * has opened that way is opened that way again.
 */
const PLAIN_EVERY = 3;

/**
 * Keeps one session with one of the servers. Reconnects with full jitter, fails over to the spares that discovery named, and moves away from
 * a draining server without letting go of it before the new one has said hello.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  #state: ConnectionState = { status: 'idle' };
  #active: Link | undefined;
  #candidate: Link | undefined;
  readonly #lingering = new Set<Link>();
  #attempt = 0;
  /** Sockets in a row that did not open, but for those that took the connect frame with the upgrade request. */
  #unopened = 0;
  #onlineAt = 0;
  /** The credential was renewed because the server refused it; nothing has been accepted since. */
  #renewed = false;
  /** Counts dials and stops: what an earlier one started does nothing any more. */
  #turn = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The link to write to; undefined while there is none. */
  get link(): Link | undefined {
    return this.#active;
  }

  start(): void {
    if (this.#state.status !== 'idle' && this.#state.status !== 'stopped') return;
    this.#attempt = 0;
    this.#dial();
  }

  stop(reason: StopReason, code?: number): void {
    this.#turn += 1;
    this.#cancelTimer();
    this.#candidate?.close();
    this.#candidate = undefined;
    for (const link of [...this.#lingering]) this.#release(link);
    const active = this.#active;
    this.#active = undefined;
    active?.close();
    if (active !== undefined) this.#options.events.onLost(active);
    this.#setState({ status: 'stopped', reason, ...(code === undefined ? {} : { code }) });
  }

  /** The device woke up, or the network is back: try now, or make sure that the other end still answers. */
  wake(): void {
    if (this.#state.status === 'waiting') this.#dial();
    else this.#active?.probe();
  }

  /** Moves to another server at a random moment within the given time; until then everything goes on. */
  drain(link: Link, withinMs: number): void {
    const hello = link.hello;
    if (link !== this.#active || this.#state.status === 'draining' || hello === undefined) return;
    const waitMs = Math.floor(this.#options.schedule.random() * withinMs);
    this.#options.servers.leave(hello.serverId);
    this.#setState({ status: 'draining', serverId: hello.serverId, moveAt: this.#options.schedule.now() + waitMs });
    this.#after(waitMs, () => this.#dial());
  }

  #dial(): void {
    const turn = ++this.#turn;
    this.#cancelTimer();
    this.#candidate?.close();
    this.#candidate = undefined;
    if (this.#active === undefined) this.#setState({ status: 'connecting', attempt: this.#attempt });
    this.#connect(turn).catch((error: unknown) => {
      if (turn === this.#turn) this.#onDialFailed(toWarrenError(error));
    });
  }

  async #connect(turn: number): Promise<void> {
    const server = await this.#pickServer();
    if (turn !== this.#turn) return;
    const credential = await this.#options.credential();
    if (turn !== this.#turn) return;
    if (this.#active === undefined) this.#setState({ status: 'connecting', attempt: this.#attempt, serverId: server.serverId });
    this.#candidate = this.#openLink(server, credential);
  }

  async #pickServer(): Promise<ServerChoice> {
    const { servers, discover } = this.#options;
    const moving = this.#active?.hello?.serverId;
    const known = moving === undefined ? servers.pick() : undefined;
    if (known !== undefined) return known;
    try {
      servers.replace(await discover());
    } catch (error) {
      servers.startOver();
      const again = servers.pick(moving);
      if (again === undefined || !toWarrenError(error).temporary) throw error;
      return again;
    }
    const found = servers.pick(moving);
    if (found === undefined) throw new WarrenError('NO_SERVER', 'No chat server is available right now', { temporary: true });
    return found;
  }

  #openLink(server: ServerChoice, credential: Credential): Link {
    const { WebSocket, schedule, clientName, connectTimeoutMs, pongTimeoutMs, probeTimeoutMs } = this.#options;
    const connect = { type: 'connect', version: PROTOCOL_VERSION, client: clientName, ...credential } as const;
    const events: LinkEvents = {
      onHello: (hello) => this.#adopt(link, hello),
      onFrame: (frame) => this.#options.events.onFrame(frame, link),
      onClose: (code) => this.#onLinkClosed(link, code),
      onGarbage: (error) => this.#options.events.onGarbage(error),
    };
    const limits = { connectTimeoutMs, pongTimeoutMs, probeTimeoutMs };
    const offersConnect = this.#unopened % PLAIN_EVERY !== PLAIN_EVERY - 1;
    const link: Link = new Link({ url: server.url, WebSocket, schedule, connect, offersConnect, ...limits, events });
    return link;
  }

  #adopt(link: Link, hello: HelloFrame): void {
    const old = this.#active;
    this.#active = link;
    this.#candidate = undefined;
    this.#renewed = false;
    if (link.connectedEarly) this.#unopened = 0;
    this.#onlineAt = this.#options.schedule.now();
    this.#options.servers.settle(hello.serverId);
    if (old !== undefined) this.#linger(old);
    this.#setState({ status: 'online', serverId: hello.serverId, sessionId: hello.sessionId });
    this.#options.events.onHello(hello, link);
  }

  #linger(link: Link): void {
    this.#lingering.add(link);
    this.#options.schedule.after(this.#options.lingerMs, () => this.#release(link));
  }

  #release(link: Link): void {
    if (!this.#lingering.delete(link)) return;
    link.close();
    this.#options.events.onLost(link);
  }

  #onLinkClosed(link: Link, code: number): void {
    if (this.#lingering.delete(link)) {
      this.#options.events.onLost(link);
      return;
    }
    const wasActive = link === this.#active;
    if (!link.opened) this.#unopened += 1;
    if (wasActive) this.#forgetActive(link, code);
    else this.#candidate = undefined;
    if (this.#mayRenew(code, wasActive)) this.#renewAndDial();
    else if (!mayReconnect(code)) this.stop(stopReason(code), code);
    else if (wasActive && this.#candidate !== undefined) this.#setState({ status: 'connecting', attempt: this.#attempt });
    else this.#retry({ immediately: wasActive && isCleanClose(code) });
  }

  /**
   * An expired token is renewed. So is one that the server cannot tell from a forged one (its secret is a new one, or the ticket was lost with
   * Redis), but only once: a fresh one that is refused as well means that this device is not wanted.
   */
  #mayRenew(code: number, wasActive: boolean): boolean {
    if (code === CLOSE_CODES.TOKEN_EXPIRED.code) return this.#candidate === undefined;
    if (code !== CLOSE_CODES.UNAUTHENTICATED.code || wasActive || this.#renewed) return false;
    this.#renewed = true;
    return true;
  }

  #forgetActive(link: Link, code: number): void {
    const { servers, schedule, events } = this.#options;
    this.#active = undefined;
    if (schedule.now() - this.#onlineAt >= STABLE_MS) this.#attempt = 0;
    if (code === CLOSE_CODES.DRAINING.code && link.hello !== undefined) servers.leave(link.hello.serverId);
    events.onLost(link);
  }

  #onDialFailed(error: WarrenError): void {
    if (error.code === 'NOT_LOGGED_IN' || error.status === 401) this.stop('unauthenticated');
    else this.#retry({ immediately: false, retryAfterMs: error.retryAfterMs });
  }

  #renewAndDial(): void {
    const turn = ++this.#turn;
    this.#options.servers.startOver();
    if (this.#active === undefined) this.#setState({ status: 'connecting', attempt: this.#attempt });
    this.#options.renewCredential().then(
      () => {
        // A second refusal of a fresh token waits like any other failure.
        if (turn === this.#turn) this.#retry({ immediately: true });
      },
      (error: unknown) => {
        if (turn === this.#turn) this.#onDialFailed(toWarrenError(error));
      },
    );
  }

  #retry(facts: { readonly immediately: boolean; readonly retryAfterMs?: number | undefined }): void {
    const { schedule } = this.#options;
    this.#turn += 1;
    const immediate = facts.immediately && this.#attempt === 0;
    const waitMs = immediate ? 0 : Math.max(facts.retryAfterMs ?? 0, schedule.jitter(this.#attempt, BACKOFF));
    this.#attempt += 1;
    if (immediate) {
      this.#dial();
      return;
    }
    if (this.#active === undefined) this.#setState({ status: 'waiting', retryAt: schedule.now() + waitMs, attempt: this.#attempt });
    this.#after(waitMs, () => this.#dial());
  }

  /** One timer: the next dial or the move. */
  #after(ms: number, run: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.schedule.after(ms, run);
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#options.events.onState(state);
  }
}
