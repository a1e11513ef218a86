import type { Seat } from '../../cluster/layout.js';
import { probeHttp } from '../../services/probes.js';
import type { Arena } from '../arena/arena.js';
import { until, wait, type FaultKind, type FaultTools } from './fault.js';

/** How long a killed process stays down: a supervisor needs about that long to notice and start it. */
const DOWN_MS = 1_000;

function seatOf(arena: Arena, name: string): Seat {
  const { servers, apis, workers } = arena.cluster.layout;
  const seat = [...servers, ...apis, ...workers].find((one) => one.name === name);
  if (seat === undefined) throw new TypeError(`no process ${name}`);
  return seat;
}

/** @throws Error with what the process says is missing. */
async function untilReady(arena: Arena, name: string): Promise<void> {
  const url = `http://127.0.0.1:${seatOf(arena, name).port}/readyz`;
  try {
    await until(`${name} being ready`, () => probeHttp(url));
  } catch (error) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
      (response) => response.text(),
      (cause: unknown) => String(cause),
    );
    throw new Error(`${error instanceof Error ? error.message : String(error)}; it says: ${answer.trim()}`, { cause: error });
  }
}

async function kill({ arena }: FaultTools, name: string): Promise<string> {
  const child = arena.cluster.process(name);
  const { pid } = child;
  child.kill('SIGKILL');
  await child.ended();
  await wait(DOWN_MS);
  // Its supervisor pauses longer with each crash in a row; this is not about that.
  if (child.pid === undefined || child.pid === pid) await startUntilUp(arena, name);
  await untilReady(arena, name);
  return name;
}

/** A process that finds what it needs away ends again; whoever supervises it tries again. */
function startUntilUp(arena: Arena, name: string): Promise<void> {
  const child = arena.cluster.process(name);
  const start = (): Promise<boolean> =>
    child.start().then(
      () => true,
      () => false,
    );
  return until(`${name} being started`, start, 180_000);
}

async function freeze({ arena }: FaultTools, name: string, seconds: number): Promise<string> {
  arena.cluster.kill(name, 'SIGSTOP');
  try {
    await wait(seconds * 1_000);
  } finally {
    arena.cluster.kill(name, 'SIGCONT');
  }
  await untilReady(arena, name);
  return `${name} for ${seconds} s`;
}

const pick = (tools: FaultTools, seats: readonly Seat[]): string => tools.random.pick(seats).name;
const aServer = (tools: FaultTools): string => pick(tools, tools.arena.cluster.layout.servers);
const anApi = (tools: FaultTools): string => pick(tools, tools.arena.cluster.layout.apis);
const aWorker = (tools: FaultTools): string => pick(tools, tools.arena.cluster.layout.workers);

async function restartServers({ arena }: FaultTools): Promise<string> {
  for (const name of arena.servers) {
    await arena.cluster.process(name).stop();
    await startUntilUp(arena, name);
    await untilReady(arena, name);
  }
  return arena.servers.join(', ');
}

export const PROCESS_FAULTS: readonly FaultKind[] = [
  { name: 'kill-server', lane: 'node', weight: 3, short: true, alone: true, run: (tools) => kill(tools, aServer(tools)) },
  { name: 'stop-server', lane: 'node', weight: 2, short: true, run: (tools) => freeze(tools, aServer(tools), 5) },
  { name: 'stop-server-20', lane: 'node', weight: 1, short: false, run: (tools) => freeze(tools, aServer(tools), 20) },
  { name: 'stop-server-60', lane: 'node', weight: 0.2, short: false, run: (tools) => freeze(tools, aServer(tools), 60) },
  { name: 'rolling-restart', lane: 'node', weight: 1, short: true, run: restartServers },
  { name: 'kill-api', lane: 'node', weight: 2, short: true, run: (tools) => kill(tools, anApi(tools)) },
  { name: 'stop-api', lane: 'node', weight: 1, short: true, run: (tools) => freeze(tools, anApi(tools), 5) },
  { name: 'stop-api-20', lane: 'node', weight: 0.5, short: false, run: (tools) => freeze(tools, anApi(tools), 20) },
  { name: 'stop-api-60', lane: 'node', weight: 0.2, short: false, run: (tools) => freeze(tools, anApi(tools), 60) },
  { name: 'kill-worker', lane: 'dependency', weight: 2, short: true, run: (tools) => kill(tools, aWorker(tools)) },
  { name: 'stop-worker', lane: 'dependency', weight: 1, short: true, run: (tools) => freeze(tools, aWorker(tools), 5) },
  { name: 'stop-worker-20', lane: 'dependency', weight: 0.5, short: false, run: (tools) => freeze(tools, aWorker(tools), 20) },
  { name: 'stop-worker-60', lane: 'dependency', weight: 0.2, short: false, run: (tools) => freeze(tools, aWorker(tools), 60) },
];
