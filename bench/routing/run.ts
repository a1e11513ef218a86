import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSecrets } from '../../scripts/cluster/secrets.js';
import type { Cluster } from '../../scripts/cluster/cluster.js';
import { cpuByPart, startBenchCluster } from '../cluster/bench-cluster.js';
import type { CpuTime } from '../cluster/cpu.js';
import { Seed } from '../cluster/seed.js';
import type { FromLoad, LoadPair, LoadPlan, LoadResult } from '../load/protocol.js';

export interface RoutingOptions {
  readonly pairs: number;
  readonly inFlight: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly nodes: number;
  readonly contentChars: number;
}

export interface RoutingReport extends LoadResult {
  readonly options: RoutingOptions;
  readonly deliveredPerSecond: number;
  /** CPU microseconds per delivered message, by part, and of the whole system without the load generator. */
  readonly cpuMicros: Readonly<Record<string, number>>;
  readonly systemMicros: number;
  readonly loadMicros: number;
}

/** Pairs whose two ends sit on different servers, all guarantees on: durable commit, dedupe, validation, authentication. */
export async function runRouting(options: RoutingOptions): Promise<RoutingReport> {
  const cluster = await startBenchCluster({ nodes: options.nodes });
  try {
    return await measureRouting(cluster, options);
  } finally {
    await cluster.stop();
  }
}

export async function measureRouting(cluster: Cluster, options: RoutingOptions): Promise<RoutingReport> {
  const pairs = await seedPairs(cluster, options);
  const plan: LoadPlan = {
    pairs,
    inFlight: options.inFlight,
    contentChars: options.contentChars,
    warmUpMs: options.warmUpSeconds * 1000,
    measureMs: options.seconds * 1000,
  };
  const { result, before, after } = await runLoad(cluster, plan);
  const cpuMicros = perMessage(before, after, result.delivered);
  return {
    ...result,
    options,
    deliveredPerSecond: result.delivered / result.seconds,
    cpuMicros,
    systemMicros: Object.values(cpuMicros).reduce((sum, micros) => sum + micros, 0),
    loadMicros: (result.cpuMs * 1000) / result.delivered,
  };
}

async function seedPairs(cluster: Cluster, options: RoutingOptions): Promise<LoadPair[]> {
  const seed = new Seed(cluster, loadSecrets(join(cluster.settings.folder, 'secrets.json')).jwtSecret);
  const servers = cluster.layout.servers;
  const urlOf = (n: number): string => `ws://127.0.0.1:${servers[n % servers.length]?.port ?? 0}/ws`;
  const pairs: LoadPair[] = [];
  for (let n = 0; n < options.pairs; n++) {
    const [sender, receiver] = [await seed.user(), await seed.user()];
    const channelId = await seed.channel([sender, receiver]);
    pairs.push({ channelId, sender: { token: sender.token, url: urlOf(n) }, receiver: { token: receiver.token, url: urlOf(n + 1) } });
  }
  await seed.close();
  return pairs;
}

interface Measured {
  readonly result: LoadResult;
  readonly before: Map<string, CpuTime>;
  readonly after: Map<string, CpuTime>;
}

function runLoad(cluster: Cluster, plan: LoadPlan): Promise<Measured> {
  const child = fork(fileURLToPath(new URL('../load/pairs.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  child.send(plan);
  let before = new Map<string, CpuTime>();
  let after = new Map<string, CpuTime>();
  return new Promise((resolve, reject) => {
    child.on('message', (message: FromLoad) => {
      if (message.type === 'measuring') before = cpuByPart(cluster);
      else if (message.type === 'measured') after = cpuByPart(cluster);
      else resolve({ result: message.result, before, after });
    });
    child.on('exit', (code) => reject(new Error(`load generator ended with ${code ?? 'a signal'}`)));
  });
}

function perMessage(before: Map<string, CpuTime>, after: Map<string, CpuTime>, messages: number): Record<string, number> {
  const micros: Record<string, number> = {};
  for (const [part, now] of after) {
    const then = before.get(part) ?? { userMs: 0, systemMs: 0 };
    micros[part] = ((now.userMs + now.systemMs - then.userMs - then.systemMs) * 1000) / messages;
  }
  return micros;
}
