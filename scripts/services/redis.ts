import { totalmem } from 'node:os';
import { needProgram } from './binaries.js';
import { createPrivateService, productEnvironment, type PrivateService, type PrivateServiceOptions } from './private-service.js';
import { probeTcp } from './probes.js';

export interface RedisOptions extends PrivateServiceOptions {
  readonly port: number;
  readonly maxMemoryMb?: number;
}

/** An eighth of the machine, 256 MB to 4 GB: ten minutes of client ids at 10,000 messages/s take 1 GB. */
function defaultMemoryMb(): number {
  return Math.round(Math.min(4096, Math.max(256, totalmem() / 8 / 1024 ** 2)));
}

/**
 * Redis on the loopback address. It saves its data when it is stopped and once an hour, and no more: losing it loses no message
 * (docs/architecture.md), while a log of every write costs as much CPU as the writes. Memory is bounded, and nothing is evicted: a full
 * Redis refuses writes, which the chat servers report, where an evicting one would silently lose routes.
 */
export function createRedis(options: RedisOptions): PrivateService {
  const { port, data } = options;
  const settings: readonly (readonly [string, string])[] = [
    ['port', String(port)],
    ['bind', '127.0.0.1'],
    ['dir', data],
    ['daemonize', 'no'],
    ['appendonly', 'no'],
    ['save', '3600 1'],
    ['maxmemory', `${options.maxMemoryMb ?? defaultMemoryMb()}mb`],
    ['maxmemory-policy', 'noeviction'],
  ];
  const healthy = (): Promise<boolean> =>
    probeTcp({ port, request: 'PING\r\n', accepts: (answer) => answer.toString('latin1').startsWith('+PONG') });
  return createPrivateService({
    name: 'redis',
    url: `redis://127.0.0.1:${port}/0`,
    dataFolder: data,
    folders: options,
    prepare: () => Promise.resolve(),
    specs: [
      {
        name: 'redis',
        command: needProgram('redis-server', 'valkey-server'),
        args: settings.flatMap(([name, value]) => [`--${name}`, value]),
        env: productEnvironment({}),
        cwd: data,
        healthy,
        healthyWithinMs: 30_000,
        stopWithinMs: 10_000,
        advice: 'look at the log above, or point REDIS_URL at a Redis of your own.',
      },
    ],
  });
}
