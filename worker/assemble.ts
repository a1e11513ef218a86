import { createServer } from 'node:http';
import type {
  BusConsumer,
  BusPublisher,
  ChannelStore,
  Clock,
  Directory,
  InvalidationLog,
  Logger,
  MessageStore,
  Metrics,
  RecentWindow,
  Sequencer,
  TraceReports,
} from '../shared/ports/index.js';
import type { IdClock } from '../shared/domain/ids.js';
import { EventPipeline } from '../shared/routing/event-pipeline.js';
import { FanOut } from '../shared/routing/fan-out.js';
import { RoutingCaches } from '../shared/routing/routing-caches.js';
import { createOpsHandler, type ReadinessCheck } from '../shared/runtime/ops-http.js';
import { composeServices, type Service } from '../shared/runtime/service.js';
import { TraceReporter } from '../shared/runtime/trace-reporter.js';
import { Archiver } from './archiver/archiver.js';
import { Barriers } from './archiver/barriers.js';
import { Rerouter } from './rerouter/rerouter.js';

/** Everything outside the process that a worker talks to. */
export interface WorkerPorts {
  readonly publisher: BusPublisher;
  readonly consumer: BusConsumer;
  readonly sequencer: Sequencer;
  readonly window: RecentWindow;
  readonly directory: Directory;
  readonly invalidations: InvalidationLog;
  readonly messages: MessageStore;
  readonly traces: TraceReports;
  readonly channels: Pick<ChannelStore, 'memberIds'>;
  readonly ids: IdClock;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly checks: readonly ReadinessCheck[];
}

export interface WorkerSettings {
  readonly host: string;
  /** Undefined when the process that embeds the worker answers for its health. */
  readonly port: number | undefined;
  readonly partitions: number;
  readonly prefetch: number;
}

/** A worker over its ports: archiver and rerouter. Any number of them may run; each partition has one consumer at a time. */
export function assembleWorker(ports: WorkerPorts, settings: WorkerSettings): Service {
  const caches = new RoutingCaches(ports);
  const fanOut = new FanOut({ ...ports, caches });
  const pipeline = new EventPipeline({ ...ports, caches, fanOut, partitions: settings.partitions });
  const archiver = new Archiver({ ...ports, pipeline, prefetch: settings.prefetch });
  const services: Service[] = [archiver, new Barriers(ports), new Rerouter({ ...ports, fanOut }), new TraceReporter(ports, 'worker')];
  const checks = [...ports.checks, windowIsWhole(ports)];
  if (settings.port !== undefined) services.push(createOpsServer({ ...ports, checks }, { host: settings.host, port: settings.port }));
  return composeServices('worker', services);
}

/** Until then readers are answered with UNAVAILABLE. */
function windowIsWhole({ window }: Pick<WorkerPorts, 'window'>): ReadinessCheck {
  const check = async (): Promise<void> => {
    const { partitions } = await window.unprovenPartitions();
    if (partitions.length > 0) throw new Error(`partitions ${partitions.join(', ')} are being restored`);
  };
  return { name: 'recent window', check };
}

function createOpsServer(ports: WorkerPorts, address: { readonly host: string; readonly port: number }): Service {
  const ops = createOpsHandler(ports);
  const server = createServer((request, response) => {
    ops(request, response).catch(() => response.destroy());
  });
  return {
    name: 'ops http',
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(address, () => resolve());
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
