import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Logger, Metrics, SessionOwners } from '../../../shared/ports/index.js';
import { clientAddress } from '../client-address.js';
import type { AcceptCarrier } from '../connection.js';
import type { Door } from '../door.js';
import type { Endpoint } from '../endpoint.js';
import { refuseUpgrade } from '../endpoint.js';
import type { WebSocketTransport } from '../websocket/websocket-transport.js';
import { WS_SETTINGS } from '../websocket/ws-settings.js';
import { allowOrigin, answerNotFound, answerPreflight, answerText, forbidCaching, refuseMethod } from './answers.js';
import { isReceiving } from './formats.js';
import { Forwarder } from './forwarder.js';
import { answerPage, createIframePage, describeService, readClientScript, type StaticPage } from './pages.js';
import { methodOf, routeOf, type SockJsRoute } from './paths.js';
import { BodyReader } from './read-body.js';
import { SessionRequests } from './session-requests.js';
import { SessionTable } from './session-table.js';
import type { SessionTimes } from './http-session.js';
import { SockJsWebSocketSession } from './websocket-session.js';

export interface SockJsOptions {
  /** Where the service lies, such as `/sockjs`. */
  readonly prefix: string;
  readonly accept: AcceptCarrier;
  readonly door: Door;
  /** Takes what comes to `<prefix>/websocket`: no framing of SockJS there. */
  readonly raw: WebSocketTransport;
  readonly owners: SessionOwners;
  readonly self: () => string;
  /** Where clients reach this very server; they are sent there when they came by the same host. */
  readonly publicUrl: string;
  readonly maxMessageBytes: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly websocket?: boolean;
  readonly times?: Partial<SessionTimes>;
  readonly responseLimitBytes?: number;
}

const TIMES: SessionTimes = { heartbeatMs: 25_000, expiryMs: 5_000 };
const RESPONSE_LIMIT_BYTES = 128 * 1024;
/** A message within quotes may need twice its bytes, and some clients escape more than they must. */
const QUOTING = 2;

/** A SockJS 0.3 service: the same connections as `/ws`, for browsers that cannot have those. */
export class SockJsTransport implements Endpoint {
  readonly #options: SockJsOptions;
  readonly #table: SessionTable;
  readonly #requests: SessionRequests;
  readonly #forwarder = new Forwarder();
  readonly #server: WebSocketServer;
  readonly #heartbeatMs: number;
  readonly #iframePage: StaticPage;
  readonly #clientScript = readClientScript();

  constructor(options: SockJsOptions) {
    const { prefix, metrics, maxMessageBytes } = options;
    const times = { ...TIMES, ...options.times };
    this.#options = options;
    this.#heartbeatMs = times.heartbeatMs;
    this.#iframePage = createIframePage(prefix);
    this.#table = new SessionTable({ ...options, times });
    this.#requests = new SessionRequests({
      ...options,
      table: this.#table,
      forwarder: this.#forwarder,
      bodies: new BodyReader({ maxBytes: maxMessageBytes * QUOTING }),
      responseLimitBytes: options.responseLimitBytes ?? RESPONSE_LIMIT_BYTES,
      forwarded: metrics.counter('warren_sockjs_forwarded_total', 'SockJS requests that were passed on to the server of their session'),
    });
    this.#server = new WebSocketServer({ ...WS_SETTINGS, maxPayload: maxMessageBytes * QUOTING });
  }

  covers(path: string): boolean {
    return path === this.#options.prefix || path.startsWith(`${this.#options.prefix}/`);
  }

  request(request: IncomingMessage, response: ServerResponse): void {
    // Written to after the peer has gone: its session learns of that by itself.
    response.on('error', passOver);
    this.#answer(request, response).catch((error: unknown) => {
      this.#options.logger.warn({ error }, 'sockjs request failed');
      if (response.headersSent) response.destroy();
      else answerText(response, 503, 'not available\n');
    });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { route } = this.#parse(request);
    if (route.kind === 'raw-websocket') this.#options.raw.upgrade(request, socket, head);
    else if (route.kind !== 'session' || route.transport !== 'websocket') refuseUpgrade(socket, '404 Not Found');
    else if (request.method !== 'GET') refuseUpgrade(socket, '405 Method Not Allowed', 'Allow: GET\r\n');
    else if (this.#options.websocket === false) refuseUpgrade(socket, '404 Not Found');
    else this.#openWebSocket(request, socket, head);
  }

  stop(): void {
    this.#table.stop();
    this.#forwarder.stop();
  }

  #openWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { door, accept } = this.#options;
    const remoteAddress = clientAddress(request);
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      door.enter(remoteAddress);
      const onGone = (): void => door.leave(remoteAddress);
      const session = new SockJsWebSocketSession(ws, { remoteAddress, heartbeatMs: this.#heartbeatMs, onGone });
      socket.on('drain', () => session.handler?.drained());
      session.handler = accept(session);
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { route, query } = this.#parse(request);
    const method = route.kind === 'session' ? methodOf(route.transport) : 'GET';
    if (route.kind === 'nothing') answerNotFound(response);
    else if (!this.#options.door.allowsOrigin(request.headers.origin)) answerText(response, 403, 'origin is not allowed\n');
    else if (request.method === 'OPTIONS' && route.kind !== 'greeting') {
      allowOrigin(request, response);
      answerPreflight(response, { method, now: Date.now() });
    } else if (request.method !== method) refuseMethod(response, method === 'GET' ? 'GET' : 'OPTIONS, POST');
    else if (route.kind === 'session') await this.#answerSession(request, response, { route, query });
    else this.#answerStatic(request, response, route.kind);
  }

  async #answerSession(
    request: IncomingMessage,
    response: ServerResponse,
    asked: { readonly route: Extract<SockJsRoute, { kind: 'session' }>; readonly query: URLSearchParams },
  ): Promise<void> {
    const { sessionId, transport } = asked.route;
    allowOrigin(request, response);
    forbidCaching(response);
    if (transport === 'websocket') answerText(response, 400, 'Not a valid websocket request');
    else if (isReceiving(transport)) await this.#requests.receive({ request, response, sessionId, transport, query: asked.query });
    else await this.#requests.send({ request, response, sessionId, form: transport === 'jsonp_send' });
  }

  #answerStatic(request: IncomingMessage, response: ServerResponse, kind: Exclude<SockJsRoute['kind'], 'session' | 'nothing'>): void {
    if (kind === 'greeting') answerText(response, 200, 'Welcome to SockJS!\n');
    else if (kind === 'raw-websocket') answerText(response, 400, 'Not a valid websocket request');
    else if (kind === 'script') answerPage(request, response, this.#clientScript);
    else if (kind === 'iframe') {
      const { origins } = this.#options.door;
      if (!origins.has('*')) response.setHeader('content-security-policy', `frame-ancestors 'self' ${[...origins].join(' ')}`);
      answerPage(request, response, this.#iframePage);
    } else this.#answerInfo(request, response);
  }

  #answerInfo(request: IncomingMessage, response: ServerResponse): void {
    allowOrigin(request, response);
    forbidCaching(response);
    const text = describeService({ websocket: this.#options.websocket !== false, baseUrl: this.#baseUrl(request) });
    response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  }

  /** With the server's name in it a gateway brings all of a session to one server: quicker, though nothing depends on it. */
  #baseUrl(request: IncomingMessage): string | undefined {
    const url = new URL(this.#options.publicUrl.replace(/^ws/, 'http'));
    if (url.search === '' || url.host !== request.headers.host) return undefined;
    return `${url.origin}${this.#options.prefix}${url.search}`;
  }

  #parse(request: IncomingMessage): { readonly route: SockJsRoute; readonly query: URLSearchParams } {
    const [path = '', query = ''] = (request.url ?? '/').split('?', 2);
    return { route: routeOf(path.slice(this.#options.prefix.length)), query: new URLSearchParams(query) };
  }
}

function passOver(): void {
  // Nobody is there to tell.
}
