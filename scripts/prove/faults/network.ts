import type { TcpProxy } from '../arena/tcp-proxy.js';
import { wait, type FaultKind, type FaultTools } from './fault.js';

const IMPAIRED_MS = 8_000;
const LATENCY_MS = 200;
const SLICED_BYTES = 256;
const BLACKHOLE_MS = 20_000;

/** One server's lines to broker and Redis, or the line between the clients and the gateway. */
function pickLine({ arena, random }: FaultTools): { readonly name: string; readonly proxies: readonly TcpProxy[] } {
  const names = [...arena.servers, 'clients'];
  const name = random.pick(names);
  if (name === 'clients') return { name, proxies: [arena.entrance] };
  const { amqp, redis } = arena.linesOf(name);
  return { name, proxies: [amqp, redis] };
}

async function impair(tools: FaultTools, passage: { readonly latencyMs?: number; readonly sliced?: number }): Promise<string> {
  const { name, proxies } = pickLine(tools);
  for (const proxy of proxies) proxy.impair(passage);
  await wait(IMPAIRED_MS);
  for (const proxy of proxies) proxy.heal();
  return `${name}, ${IMPAIRED_MS / 1_000} s`;
}

/** Connections that look alive and carry nothing, as behind a firewall that has forgotten them. */
async function halfOpen({ arena, random }: FaultTools): Promise<string> {
  const server = random.pick(arena.servers);
  const line = random.pick(['amqp', 'redis'] as const);
  const proxy = arena.linesOf(server)[line];
  proxy.blackhole();
  await wait(BLACKHOLE_MS);
  proxy.dropBlackholes();
  return `${line} of ${server}`;
}

async function halfOpenClients({ arena }: FaultTools): Promise<string> {
  arena.entrance.blackhole();
  await wait(BLACKHOLE_MS);
  arena.entrance.dropBlackholes();
  return 'every client';
}

export const NETWORK_FAULTS: readonly FaultKind[] = [
  { name: 'latency', lane: 'client', weight: 1, short: true, run: (tools) => impair(tools, { latencyMs: LATENCY_MS }) },
  { name: 'slicing', lane: 'client', weight: 1, short: true, run: (tools) => impair(tools, { sliced: SLICED_BYTES }) },
  { name: 'half-open', lane: 'node', weight: 1, short: true, run: halfOpen },
  { name: 'half-open-clients', lane: 'client', weight: 0.5, short: true, run: halfOpenClients },
];
