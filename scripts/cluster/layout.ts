import type { ClusterSettings } from './options.js';
import type { PortAllocator } from './ports.js';

/** A process of ours and where it listens. */
export interface Seat {
  readonly name: string;
  readonly port: number;
}

/** Which process listens where. */
export interface ClusterLayout {
  readonly gateway: number;
  readonly servers: readonly Seat[];
  readonly apis: readonly Seat[];
  readonly workers: readonly Seat[];
  readonly rabbitmq: { readonly amqp: number; readonly management: number; readonly dist: number; readonly epmd: number };
  readonly redis: number;
  readonly mariadb: number;
  readonly mongodb: number;
}

const FIRST_SERVER_PORT = 9101;
const FIRST_API_PORT = 9201;
const FIRST_WORKER_PORT = 9301;
const SERVICE_PORTS = { amqp: 9401, management: 9402, dist: 9403, epmd: 9404, redis: 9411, mariadb: 9421, mongodb: 9431 } as const;
const API_COUNT = 2;
const WORKER_COUNT = 1;

/** @throws Error when the gateway's port is taken: the others may move, this one was asked for. */
export async function planLayout(settings: ClusterSettings, allocator: PortAllocator): Promise<ClusterLayout> {
  const want = (port: number): number => (settings.ports === 'free' ? 0 : port);
  const seats = async (kind: string, count: number, first: number): Promise<readonly Seat[]> => {
    const result: Seat[] = [];
    for (let n = 1; n <= count; n++) {
      const name = `${kind}${n}`;
      result.push({ name, port: await allocator.take(name, want(first + n - 1)) });
    }
    return result;
  };
  const service = (name: keyof typeof SERVICE_PORTS): Promise<number> => allocator.take(name, want(SERVICE_PORTS[name]));
  return {
    gateway: await takeGatewayPort(settings.port, allocator),
    servers: await seats('server', settings.nodes, FIRST_SERVER_PORT),
    apis: await seats('api', API_COUNT, FIRST_API_PORT),
    workers: await seats('worker', WORKER_COUNT, FIRST_WORKER_PORT),
    rabbitmq: {
      amqp: await service('amqp'),
      management: await service('management'),
      dist: await service('dist'),
      epmd: await service('epmd'),
    },
    redis: await service('redis'),
    mariadb: await service('mariadb'),
    mongodb: await service('mongodb'),
  };
}

async function takeGatewayPort(port: number, allocator: PortAllocator): Promise<number> {
  const taken = await allocator.take('gateway', port);
  if (port === 0 || taken === port) return taken;
  throw new Error(`Port ${port} is taken by another program. Choose another one with --port, or stop that program.`);
}
