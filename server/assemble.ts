import { randomUUID } from 'node:crypto';
import type { IdClock } from '../shared/domain/ids.js';
import { CLOSE_CODES } from '../shared/protocol/close-codes.js';
import { LIMITS } from '../shared/protocol/limits.js';
import type {
  BusConsumer,
  BusPublisher,
  ChannelStore,
  Clock,
  Confirmations,
  DeviceCursors,
  Directory,
  InvalidationLog,
  Logger,
  MessageStore,
  Metrics,
  ReceiptStore,
  RecentWindow,
  Sequencer,
  ServerRegistry,
  SessionOwners,
  TeamStore,
  TicketStore,
  TraceReports,
} from '../shared/ports/index.js';
import { EventPipeline } from '../shared/routing/event-pipeline.js';
import { FanOut } from '../shared/routing/fan-out.js';
import { RoutingCaches } from '../shared/routing/routing-caches.js';
import { createOpsHandler, type ReadinessCheck } from '../shared/runtime/ops-http.js';
import { composeServices, type Service } from '../shared/runtime/service.js';
import { TraceReporter } from '../shared/runtime/trace-reporter.js';
import { Timeline } from '../shared/timeline/timeline.js';
import { ReceiptDesk } from './chat/receipt-desk.js';
import { ChatServer, type ChatServerOptions } from './chat-server.js';
import { Presence } from './chat/presence/presence.js';
import { BusIntake } from './routing/bus-intake.js';
import { Deliver } from './routing/deliver.js';
import { ServerLease } from './routing/server-lease.js';
import { Entrance } from './routing/entrance.js';
import { SessionRoutes } from './routing/session-routes.js';
import type { AuthenticateDeps } from './session/authenticate.js';
import { Draining } from './session/draining.js';
import { PresenceRounds } from './session/presence-rounds.js';
import { SessionRegistry } from './session/session-registry.js';
import { SessionSweeper } from './session/session-sweeper.js';
import { Door } from './transport/door.js';
import { ChatHttpServer } from './transport/http-server.js';
import { reachableUrl } from './transport/reachable-url.js';
import { SockJsTransport } from './transport/sockjs/sockjs-transport.js';
import { StompTransport } from './transport/stomp/stomp-transport.js';
import type { AcceptConnection } from './transport/connection.js';
import { WebSocketTransport, type WebSocketEngineName } from './transport/websocket/websocket-transport.js';

/** Everything outside the process that a chat server talks to. */
export interface ServerPorts {
  readonly publisher: BusPublisher;
  readonly consumer: BusConsumer;
  readonly sequencer: Sequencer;
  readonly window: RecentWindow;
  readonly directory: Directory;
  readonly invalidations: InvalidationLog;
  readonly registry: ServerRegistry;
  readonly tickets: TicketStore;
  readonly sessionOwners: SessionOwners;
  readonly deviceCursors: DeviceCursors;
  readonly confirmations: Confirmations;
  readonly traces: TraceReports;
  readonly messages: MessageStore;
  readonly channels: Pick<ChannelStore, 'memberIds' | 'listForUser'>;
  readonly teams: Pick<TeamStore, 'member' | 'members'>;
  readonly receipts: Pick<ReceiptStore, 'advance'>;
  readonly ids: IdClock;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly checks: readonly ReadinessCheck[];
  /** Calls the listener each time the directory turned out to have lost its data; returns how to stop. */
  readonly onDirectoryLost: (listener: () => void) => () => void;
}

export interface ServerSettings extends ChatServerOptions {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  readonly region: string;
  /** Where the other servers reach this one; worked out when left out. */
  readonly internalUrl?: string | undefined;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /** Connections that have not said who they are. */
  readonly maxPendingConnections: number;
  readonly leaseMs: number;
  readonly drainMs: number;
  /** Who has had no session for this long is offline. */
  readonly presenceGraceMs: number;
  readonly partitions: number;
  readonly websocketEngine?: WebSocketEngineName | undefined;
  readonly origins: ReadonlySet<string>;
  readonly verifyToken: AuthenticateDeps['verifyToken'];
}

/** Beside two a session: SockJS uses one for each direction. */
const SPARE_SOCKETS = 1_000;

/** A chat server over its ports: knows no product. Started in the order of the list, stopped in reverse. */
export function assembleServer(ports: ServerPorts, settings: ServerSettings): Service & { readonly port: number } {
  const { serverId } = settings;
  const { publisher, metrics, clock, logger } = ports;
  const incarnation = randomUUID();
  const sessions = new SessionRegistry(metrics.flight);
  const caches = new RoutingCaches(ports);
  const local = { serverId, deliver: (delivery: Parameters<Deliver['deliver']>[0]) => deliver.deliver(delivery) };
  const fanOut = new FanOut({ caches, publisher, metrics, clock, local });
  const deliver = new Deliver({ sessions, fanOut, serverId });
  const pipeline = new EventPipeline({ ...ports, caches, fanOut, partitions: settings.partitions });
  const timeline = new Timeline(ports);
  const routes = new SessionRoutes({ ...ports, serverId, incarnation });
  const presence = new Presence({ ...ports, graceMs: settings.presenceGraceMs });
  const receiptDesk = new ReceiptDesk({ ...ports, caches, fanOut, after });
  const chat = new ChatServer(
    {
      ...ports,
      sessions,
      routes,
      entrance: new Entrance({ ...ports, routes }),
      presence,
      receiptDesk,
      pipeline,
      caches,
      timeline,
      // A device that takes such an answer in must not look like one that does not read.
      syncBytes: settings.outboxBytes / 4,
      verifyToken: settings.verifyToken,
      readMessage: (c, m) => timeline.message(c, m),
      onConnectionsChanged: () => lease.connectionsChanged(),
    },
    settings,
  );
  const intake = new BusIntake({ ...ports, serverId, deliver, sessions });
  const restore = async (): Promise<void> => {
    await routes.restore(sessions.openSessions);
    intake.askToResync();
  };
  const lease = new ServerLease({
    ...ports,
    leaseMs: settings.leaseMs,
    identity: { serverId, incarnation, url: settings.publicUrl, region: settings.region, maxConnections: settings.maxConnections },
    connections: () => sessions.size,
    onRenewed: () => routes.removeStale(),
    onRestored: restore,
  });
  const door = new Door({
    origins: settings.origins,
    maxPerAddress: settings.maxConnectionsPerAddress,
    refusal: () => (lease.draining ? 'draining' : isFull(sessions, settings) ? 'full' : undefined),
  });
  const accept: AcceptConnection = (connection) => chat.accept(connection);
  const transport = { accept, door, maxMessageBytes: LIMITS.frameBytes };
  const websocket = new WebSocketTransport({ ...transport, engine: settings.websocketEngine, path: '/ws', earlyConnect: true });
  const overHttp = {
    owners: ports.sessionOwners,
    self: () => `${settings.internalUrl ?? reachableUrl(settings.host, http.port)} ${incarnation}`,
    publicUrl: settings.publicUrl,
    logger,
    metrics,
  };
  const sockjs = new SockJsTransport({ ...transport, ...overHttp, prefix: '/sockjs', raw: websocket });
  const stomp = new StompTransport({
    ...overHttp,
    prefix: '/stomp',
    accept,
    door,
    engine: settings.websocketEngine,
    clock,
    cursors: ports.deviceCursors,
    channels: ports.channels,
    heartbeat: settings.heartbeat,
  });
  const http: ChatHttpServer = new ChatHttpServer({
    host: settings.host,
    port: settings.port,
    ops: createOpsHandler({ metrics, checks: [...ports.checks, notDraining(lease)] }),
    endpoints: [websocket, sockjs, stomp],
    door,
    maxSockets: settings.maxConnections * 2 + SPARE_SOCKETS,
  });
  const services = composeServices(serverId, [
    intake,
    new TraceReporter(ports, `server ${serverId}`),
    followDirectory(ports, restore),
    receiptDesk,
    http,
    new PresenceRounds({ presence, logger }),
    new SessionSweeper({ sessions, clock, heartbeatMs: settings.heartbeat.timeoutMs }),
    lease,
    new Draining({ sessions, lease, pipeline, logger, drainMs: settings.drainMs, lastWord: CLOSE_CODES.DRAINING }),
  ]);
  return {
    name: serverId,
    start: () => services.start(),
    stop: () => services.stop(),
    get port() {
      return http.port;
    },
  };
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/** A directory that was emptied, or set back to an older state, gets the routes of this server again. */
function followDirectory(ports: Pick<ServerPorts, 'onDirectoryLost' | 'logger'>, restore: () => Promise<void>): Service {
  let stop = (): void => undefined;
  const onLost = (): void => {
    restore().catch((error: unknown) => ports.logger.warn({ error }, 'routes not restored, the next lease renewal tries again'));
  };
  return {
    name: 'directory follower',
    start: () => {
      stop = ports.onDirectoryLost(onLost);
      return Promise.resolve();
    },
    stop: () => {
      stop();
      return Promise.resolve();
    },
  };
}

function isFull(sessions: SessionRegistry, settings: ServerSettings): boolean {
  return sessions.size >= settings.maxConnections || sessions.pending >= settings.maxPendingConnections;
}

function notDraining(lease: ServerLease): ReadinessCheck {
  return { name: 'draining', check: () => (lease.draining ? Promise.reject(new Error('yes')) : Promise.resolve()) };
}
