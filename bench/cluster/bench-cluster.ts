import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../../scripts/cluster/cluster.js';
import type { ManagedProcess } from '../../scripts/cluster/managed-process.js';
import { startCluster } from '../../scripts/cluster/start.js';
import { cpuOfTree, type CpuTime } from './cpu.js';

/**
 * Limits that protect people are out of the way of a load generator; every guarantee stays on. The WebSocket engine is the one for many
 * connections, as every system is run as it is best; `WEBSOCKET_ENGINE=ws npm run bench -- …` measures the default one.
 */
const ENVIRONMENT = {
  WEBSOCKET_ENGINE: process.env['WEBSOCKET_ENGINE'] ?? 'lean',
  SENDS_PER_SECOND: '1000000',
  REQUESTS_PER_SECOND: '1000000',
  MAX_CONNECTIONS: '1000000',
  MAX_CONNECTIONS_PER_ADDRESS: '1000000',
  MAX_PENDING_CONNECTIONS: '1000000',
  LOG_LEVEL: 'warn',
};

export interface BenchClusterOptions {
  readonly nodes: number;
  readonly folder: string;
  readonly runtime: 'dist' | 'source';
}

/** A cluster of its own, with ports and services of its own and empty data: no run pays for the one before it. */
export function startBenchCluster({ nodes, folder, runtime }: BenchClusterOptions): Promise<Cluster> {
  rmSync(join(folder, 'data'), { recursive: true, force: true });
  return startCluster({
    folder,
    nodes,
    ports: 'free',
    runtime,
    // Services from elsewhere could not be accounted for.
    external: {},
    environment: ENVIRONMENT,
    report: (line) => process.stderr.write(`${line}\n`),
  });
}

/** CPU time by part of the system: `server`, `worker`, `api`, `rabbitmq`, `redis`, … */
export function cpuByPart(cluster: Cluster): Map<string, CpuTime> {
  return cpuOfProcesses(cluster.processes);
}

/** Processes whose names differ in a number only are one part. */
export function cpuOfProcesses(processes: readonly ManagedProcess[]): Map<string, CpuTime> {
  const parts = new Map<string, CpuTime>();
  for (const child of processes) {
    if (child.pid === undefined) continue;
    const part = child.name.replace(/\d+$/, '');
    const before = parts.get(part) ?? { userMs: 0, systemMs: 0 };
    const { userMs, systemMs } = cpuOfTree(child.pid);
    parts.set(part, { userMs: before.userMs + userMs, systemMs: before.systemMs + systemMs });
  }
  return parts;
}
