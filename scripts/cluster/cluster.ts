import { join } from 'node:path';
import { openDatabase } from '../../shared/adapters/sql/database.js';
import { createGateway } from '../services/gateway.js';
import type { PrivateService } from '../services/private-service.js';
import { appProcess, gatewayUrl, type AppKind, type AppParts } from './app-process.js';
import { folders, privateServices, type Backing } from './backing.js';
import type { ClusterLayout, Seat } from './layout.js';
import { rotateLog } from './log-file.js';
import { ManagedProcess } from './managed-process.js';
import type { ClusterSettings } from './options.js';
import { forgetProcess } from './pid-file.js';
import { step, type Report } from './report.js';
import { SUPERVISOR } from './stop-recorded.js';
import { keepAlive } from './supervision.js';

const ROTATE_EVERY_MS = 30_000;

/** A running cluster: it supervises its processes, and lets tests break them. Made by `startCluster`. */
export class Cluster {
  readonly settings: ClusterSettings;
  readonly layout: ClusterLayout;
  readonly backing: Backing;
  readonly gateway: PrivateService;
  readonly #apps: Readonly<Record<AppKind, readonly ManagedProcess[]>>;
  readonly #report: Report;
  readonly #stopping = new AbortController();
  #rotation: NodeJS.Timeout | undefined;
  #starting: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(parts: AppParts & { readonly report: Report }) {
    this.settings = parts.settings;
    this.layout = parts.layout;
    this.backing = parts.backing;
    this.#report = parts.report;
    this.#apps = {
      server: appProcesses('server', parts.layout.servers, parts),
      api: appProcesses('api', parts.layout.apis, parts),
      worker: appProcesses('worker', parts.layout.workers, parts),
    };
    this.gateway = gatewayOf(parts);
  }

  /** What people open in a browser. */
  get url(): string {
    return gatewayUrl(this.settings, this.layout);
  }

  /** Every process, of the services too: `server1`, `api2`, `worker1`, `gateway`, `rabbitmq`, `redis`, … */
  get processes(): readonly ManagedProcess[] {
    const { server, api, worker } = this.#apps;
    const services = privateServices(this.backing).flatMap((service) => service.processes);
    return [...services, ...worker, ...api, ...server, ...this.gateway.processes];
  }

  /** Resolves when everything answers; after a failure everything is stopped again. */
  start(): Promise<void> {
    this.#starting = this.#startAll();
    return this.#starting;
  }

  /** @throws Error when there is no such process. */
  process(name: string): ManagedProcess {
    const found = this.processes.find((child) => child.name === name);
    if (found === undefined) throw new Error(`no process ${name}; there are ${this.processes.map((child) => child.name).join(', ')}`);
    return found;
  }

  /** Any signal; a process that ends by it is started again with back-off. For one that stays down: `process(name).stop()`. */
  kill(name: string, signal: NodeJS.Signals): void {
    this.process(name).kill(signal);
  }

  /** Stops it gracefully and starts it; resolves when it is ready. */
  async restart(name: string): Promise<void> {
    await this.process(name).stop();
    await this.process(name).start();
  }

  /** Stops everything, services too, and starts it again on the same data; resolves when it is ready. */
  async restartAll(): Promise<void> {
    await this.#stopEverything();
    await this.#inOrder();
  }

  /** Drains and stops everything: servers, API, workers, gateway, services. Also while it is starting; more than once. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  /** Ends every process at once, without draining; what was acknowledged is on disk. */
  killAll(): void {
    this.#stopping.abort();
    for (const child of this.processes) child.kill('SIGKILL');
  }

  async #startAll(): Promise<void> {
    this.#rotation = setInterval(() => this.#rotateLogs(), ROTATE_EVERY_MS).unref();
    try {
      await this.#inOrder();
    } catch (error) {
      if (!this.#stopping.signal.aborted) await this.#stopEverything();
      throw error;
    }
    for (const child of this.processes) keepAlive(child, { report: this.#report, signal: this.#stopping.signal });
  }

  async #inOrder(): Promise<void> {
    const { server, api, worker } = this.#apps;
    const stages: readonly (() => Promise<unknown>)[] = [
      () => Promise.all(privateServices(this.backing).map((service) => this.#step(`start ${service.name}`, () => service.start()))),
      () => this.#step('bring the database to the newest schema', () => migrate(this.backing.urls.sql)),
      () => Promise.all([...worker, ...api, ...server].map((child) => this.#step(`start ${child.name}`, () => child.start()))),
      () => this.#step('start the gateway', () => this.gateway.start()),
    ];
    for (const stage of stages) {
      if (this.#stopping.signal.aborted) throw new Error('stopped while starting');
      await stage();
    }
  }

  #step(label: string, work: () => Promise<void>): Promise<void> {
    return step(this.#report, label, work);
  }

  async #stopAll(): Promise<void> {
    this.#stopping.abort();
    // A start under way fails as soon as its process ends, or goes on to one more stage: stop what is there, wait, stop the rest.
    await this.#stopEverything();
    await this.#starting.catch(() => undefined);
    await this.#stopEverything();
    clearInterval(this.#rotation);
    forgetProcess(join(this.settings.folder, 'run'), SUPERVISOR);
  }

  async #stopEverything(): Promise<void> {
    const { server, api, worker } = this.#apps;
    const stopEach = (children: readonly { stop(): Promise<void> }[]): Promise<unknown> => Promise.all(children.map((c) => c.stop()));
    await stopEach(server);
    await stopEach(api);
    await stopEach(worker);
    await this.gateway.stop();
    await stopEach(privateServices(this.backing));
  }

  #rotateLogs(): void {
    for (const child of this.processes) rotateLog(child.logPath);
  }
}

function appProcesses(kind: AppKind, seats: readonly Seat[], parts: AppParts): readonly ManagedProcess[] {
  return seats.map((seat) => new ManagedProcess(appProcess(kind, seat, parts), folders(parts.settings, seat.name)));
}

function gatewayOf({ settings, layout }: AppParts): PrivateService {
  const endpoint = ({ name, port }: Seat): { name: string; address: string } => ({ name, address: `127.0.0.1:${port}` });
  return createGateway({
    ...folders(settings, 'gateway'),
    port: layout.gateway,
    reach: settings.publicUrl === undefined ? 'loopback' : 'network',
    template: join(settings.root, 'nginx', 'warren.conf.template'),
    servers: layout.servers.map(endpoint),
    apis: layout.apis.map(endpoint),
  });
}

async function migrate(url: string): Promise<void> {
  const database = openDatabase(url);
  try {
    await database.migrate();
  } finally {
    await database.close();
  }
}
