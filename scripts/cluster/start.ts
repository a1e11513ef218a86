import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages, missingPackages } from '../services/packages.js';
import { createBacking, neededPackages } from './backing.js';
import { Cluster } from './cluster.js';
import { planLayout, type ClusterLayout } from './layout.js';
import { checkoutRoot, DEFAULT_NODES, externalUrls, ownRuntime, warrenFolder, type ClusterSettings } from './options.js';
import { claimPidFile, forgetProcess, pidFile } from './pid-file.js';
import { PortAllocator } from './ports.js';
import { step, type Report } from './report.js';
import { loadSecrets } from './secrets.js';
import { stopRecorded, SUPERVISOR } from './stop-recorded.js';

export interface ClusterOptions extends Partial<ClusterSettings> {
  readonly report?: Report;
  /** Gets the cluster before it starts: for whoever must be able to stop it half-way. */
  readonly onCreated?: (cluster: Cluster) => void;
}

/** The folder belongs to a cluster that runs. */
export class AlreadyRunningError extends Error {
  constructor(folder: string) {
    super(`A cluster runs already with its data in ${folder}.`);
    this.name = 'AlreadyRunningError';
  }
}

/** Everything is optional: three nodes, any free gateway port, other ports moved where taken, data in `.warren`. */
export function clusterSettings(options: Partial<ClusterSettings>): ClusterSettings {
  const root = options.root ?? checkoutRoot();
  return {
    root,
    folder: options.folder ?? warrenFolder(root),
    nodes: options.nodes ?? DEFAULT_NODES,
    port: options.port ?? 0,
    ports: options.ports ?? 'default',
    publicUrl: options.publicUrl,
    runtime: options.runtime ?? ownRuntime(),
    external: options.external ?? externalUrls(process.env),
    environment: options.environment ?? {},
    processEnvironment: options.processEnvironment,
  };
}

/**
 * Installs what is missing, starts services, then our processes, then the gateway; resolves when all of them answer.
 * @throws AlreadyRunningError, StartError and others with text for a person; everything is stopped again then.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const settings = clusterSettings(options);
  const run = join(settings.folder, 'run');
  mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
  if (!claimPidFile(pidFile(run, SUPERVISOR))) throw new AlreadyRunningError(settings.folder);
  const report = options.report ?? (() => undefined);
  try {
    await stopRecorded(run, report);
    const cluster = await createCluster(settings, report);
    options.onCreated?.(cluster);
    await cluster.start();
    return cluster;
  } catch (error) {
    forgetProcess(run, SUPERVISOR);
    throw error;
  }
}

async function createCluster(settings: ClusterSettings, report: Report): Promise<Cluster> {
  const packages = missingPackages(neededPackages(settings));
  if (packages.length > 0) {
    const log = join(settings.folder, 'logs', 'install.log');
    await step(report, `install ${packages.join(', ')}`, () => installPackages(packages, { root: settings.root, log }));
  }
  const layout = await planPorts(settings, report);
  const secrets = loadSecrets(join(settings.folder, 'secrets.json'));
  const backing = createBacking({ settings, layout, secrets });
  return new Cluster({ settings, layout, backing, secrets, report });
}

async function planPorts(settings: ClusterSettings, report: Report): Promise<ClusterLayout> {
  const allocator = new PortAllocator();
  const layout = await planLayout(settings, allocator);
  for (const { name, wanted, port } of allocator.moved) report(`  port ${wanted} is taken, so ${name} uses ${port}`);
  return layout;
}
