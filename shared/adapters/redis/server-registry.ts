import type { ServerId } from '../../domain/ids.js';
import type { ServerInfo, ServerRegistry } from '../../ports/index.js';
import type { RedisConnection } from './connection.js';
import { loadScript } from './script.js';

const RENEW = loadScript('renew-server-2');
const REMOVE = loadScript('remove-server-2');
const LIST = loadScript('list-servers-1');
const IDS = 'servers';

/** `server:<id>` is a hash that expires with the lease, readable with `HGETALL`; `servers` is the set of their ids. */
export class RedisServerRegistry implements ServerRegistry {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async renew(server: ServerInfo, leaseMs: number): Promise<'renewed' | 'created' | 'refused'> {
    const { serverId, incarnation, url, region, connections, maxConnections, load, draining } = server;
    const fields = { url, region, connections, maxConnections, load: load.toFixed(3), draining: draining ? 1 : 0 };
    const args = [leaseMs, serverId, incarnation, ...Object.entries(fields).flat()];
    const answer = await this.#redis.run(RENEW, [leaseKey(serverId), IDS], args);
    return answer === 2 ? 'created' : answer === 1 ? 'renewed' : 'refused';
  }

  async remove(serverId: ServerId, incarnation: string): Promise<void> {
    await this.#redis.run(REMOVE, [leaseKey(serverId), IDS], [serverId, incarnation]);
  }

  async list(): Promise<readonly ServerInfo[]> {
    const rows = (await this.#redis.run(LIST, [IDS], [this.#redis.prefix + leaseKey('')])) as string[][];
    return rows.map(toServerInfo);
  }
}

function leaseKey(serverId: string): string {
  return `server:${serverId}`;
}

function toServerInfo([serverId, ...flat]: string[]): ServerInfo {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(flat[i] as string, flat[i + 1] as string);
  const text = (name: string): string => fields.get(name) ?? '';
  return {
    serverId: serverId as ServerId,
    incarnation: text('incarnation'),
    url: text('url'),
    region: text('region'),
    connections: Number(text('connections')),
    maxConnections: Number(text('maxConnections')),
    load: Number(text('load')),
    draining: text('draining') === '1',
  };
}
