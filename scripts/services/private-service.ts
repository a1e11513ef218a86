import { mkdirSync, rmSync } from 'node:fs';
import type { Service } from '../../shared/runtime/service.js';
import { ManagedProcess, type ProcessFolders, type ProcessSpec } from '../cluster/managed-process.js';

/** A private instance of a product: own port, own data folder; nothing of the machine's own services is touched. */
export interface PrivateService extends Service {
  /** How clients reach it, with user and password. */
  readonly url: string;
  readonly dataFolder: string;
  /** The processes, main one last: for supervision and fault injection. */
  readonly processes: readonly ManagedProcess[];
  healthy(): Promise<boolean>;
  kill(signal: NodeJS.Signals): void;
  /** Stops and starts it with its data. */
  restart(): Promise<void>;
  /** Stops it, removes its data and starts it: what a lost disk looks like. */
  restartEmpty(): Promise<void>;
}

export interface PrivateServiceOptions extends ProcessFolders {
  /** Everything the product keeps lies here. */
  readonly data: string;
}

/** What the products differ in. */
export interface ProductPlan {
  readonly name: string;
  readonly url: string;
  readonly dataFolder: string;
  readonly folders: ProcessFolders;
  /** Writes configuration and an empty database where there is none; called before every start. */
  readonly prepare: () => Promise<void>;
  /** Started in this order, stopped in reverse; the last one is the product. */
  readonly specs: readonly ProcessSpec[];
}

export function createPrivateService(plan: ProductPlan): PrivateService {
  const processes = plan.specs.map((spec) => new ManagedProcess(spec, plan.folders));
  const start = async (): Promise<void> => {
    mkdirSync(plan.dataFolder, { recursive: true, mode: 0o700 });
    await plan.prepare();
    for (const child of processes) await child.start();
  };
  const stop = async (): Promise<void> => {
    for (const child of [...processes].reverse()) await child.stop();
  };
  const restart = async (): Promise<void> => {
    await stop();
    await start();
  };
  return {
    name: plan.name,
    url: plan.url,
    dataFolder: plan.dataFolder,
    processes,
    start,
    stop,
    restart,
    healthy: () => plan.specs.at(-1)?.healthy() ?? Promise.resolve(false),
    kill: (name) => processes.at(-1)?.kill(name),
    restartEmpty: async () => {
      await stop();
      rmSync(plan.dataFolder, { recursive: true, force: true });
      await start();
    },
  };
}

/** The environment a product gets: the caller's, less what would change its behaviour behind our back. */
export function productEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const foreign = /^(RABBITMQ_|ERL_|REDIS_|MYSQL_|MARIADB_|MONGO_|NODE_OPTIONS$|NOTIFY_SOCKET$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}
