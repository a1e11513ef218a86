import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BusPublisher, Directory, InvalidationLog, MessageStore, RecentWindow } from '../shared/ports/index.js';
import { Announcer } from '../shared/routing/announcer.js';
import { FanOut } from '../shared/routing/fan-out.js';
import { RoutingCaches } from '../shared/routing/routing-caches.js';
import type { Service } from '../shared/runtime/service.js';
import { Timeline } from '../shared/timeline/timeline.js';
import { createApp, type ApiDeps } from './app.js';

/** Everything outside the process that the API talks to. */
export interface ApiPorts extends Omit<ApiDeps, 'announcer' | 'timeline' | 'bus' | 'invalidations' | 'settings'> {
  readonly publisher: BusPublisher;
  readonly directory: Directory;
  readonly invalidations: InvalidationLog;
  readonly window: RecentWindow;
  readonly messages: MessageStore;
}

export interface ApiProcessSettings {
  readonly host: string;
  readonly port: number;
  readonly api: ApiDeps['settings'];
}

/** An API process over its ports: knows no product, and nothing of it has state. */
export function assembleApi(ports: ApiPorts, settings: ApiProcessSettings): Service & { readonly port: number } {
  const caches = new RoutingCaches(ports);
  const fanOut = new FanOut({ ...ports, caches });
  const app = createApp({
    ...ports,
    bus: ports.publisher,
    announcer: new Announcer({ caches, fanOut }),
    timeline: new Timeline(ports),
    settings: settings.api,
  });
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 16_384 }, app);
  server.keepAliveTimeout = 65_000;
  return {
    name: 'api',
    start: () => listen(server, settings),
    stop: () => close(server),
    get port() {
      return (server.address() as AddressInfo).port;
    },
  };
}

function listen(server: Server, address: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address.host, port: address.port, backlog: 1024 }, resolve);
  });
}

const FINISH_MS = 10_000;

/** Requests under way are finished; connections that stay open are cut after a while. */
function close(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), FINISH_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
