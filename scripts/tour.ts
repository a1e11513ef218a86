import { join } from 'node:path';
import type { Cluster } from './cluster/cluster.js';
import { endOnSignals } from './cluster/end-on-signals.js';
import { checkoutRoot, warrenFolder } from './cluster/options.js';
import { startCluster } from './cluster/start.js';
import { runTour } from './tour/tour.js';

/** `npm run tour`: a cluster of its own beside yours (`.warren/tour`, free ports), and a walk through it. */
const report = (line: string): void => void process.stdout.write(`${line}\n`);
report('Starting a cluster of three nodes for the tour; yours, if one runs, is left alone.');
const folder = join(warrenFolder(checkoutRoot()), 'tour');
const onCreated = (created: Cluster): void => endOnSignals(() => created.stop());
const cluster = await startCluster({ folder, nodes: 3, ports: 'free', external: {}, report, onCreated });
try {
  report(`\nThe tour, at ${cluster.url}`);
  await runTour(cluster, report);
  report('\nEverything held. Your own cluster: scripts/start-cluster.sh');
} catch (error) {
  report(`  ✘ ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await cluster.stop();
}
