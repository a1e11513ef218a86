import type { ServerId } from '../../shared/domain/ids.js';
import type { ServerInfo } from '../../shared/ports/index.js';
import type { ServerChoice } from '../../shared/protocol/http.js';

/** The best one and two spares. */
const CHOICES = 3;
/** A server this busy is left by those who were on it, and taken last by the others. */
const BUSY = 0.9;
/** Below this, people are spread by their number alone; above it, these steps of event-loop utilisation count first. */
const NOTICED_LOAD = 0.6;
const LOAD_STEP = 0.15;

export interface ChoiceOptions {
  readonly region: string;
  /** The server that the device used last: first as long as it is healthy, wherever it is. */
  readonly prefer?: string | undefined;
  /** Clients sent to each server so lately that its own count does not have them. */
  readonly recent: ReadonlyMap<ServerId, number>;
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number;
}

interface Candidate {
  readonly server: ServerInfo;
  /** Compared from left to right; smaller is better. */
  readonly cost: readonly number[];
}

/**
 * Which servers a client should try, best first; empty when there is none. Never one that is draining or full. Then: the preferred one, the
 * client's region, the load in coarse steps, the share of connections, and chance.
 */
export function chooseServers(servers: readonly ServerInfo[], options: ChoiceOptions): ServerChoice[] {
  return servers
    .filter((server) => !server.draining && connectionsOf(server, options) < server.maxConnections)
    .map((server) => ({ server, cost: costOf(server, options) }))
    .sort(byCost)
    .slice(0, CHOICES)
    .map(({ server }) => ({ serverId: server.serverId, url: server.url, region: server.region }));
}

function costOf(server: ServerInfo, options: ChoiceOptions): readonly number[] {
  const preferred = server.serverId === options.prefer && server.load < BUSY;
  return [
    preferred ? 0 : 1,
    server.load < BUSY ? 0 : 1,
    server.region === options.region ? 0 : 1,
    Math.max(0, Math.ceil((server.load - NOTICED_LOAD) / LOAD_STEP)),
    connectionsOf(server, options) / server.maxConnections,
    options.random(),
  ];
}

function connectionsOf(server: ServerInfo, options: ChoiceOptions): number {
  return server.connections + (options.recent.get(server.serverId) ?? 0);
}

function byCost(a: Candidate, b: Candidate): number {
  for (let i = 0; i < a.cost.length; i++) {
    const difference = (a.cost[i] ?? 0) - (b.cost[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
