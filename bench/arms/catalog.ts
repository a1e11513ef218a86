import { amqpArm } from './amqp-arm.js';
import type { Arm, ArmName } from './arm.js';
import { peerArm } from './peer-arm.js';
import { WARREN_ARM } from './warren-arm.js';

const SOCKET_IO = { script: 'socketio-server.mjs', dialect: 'socket-io', services: ['redis'] } as const;

export const SOCKET_IO_ARM = peerArm({
  ...SOCKET_IO,
  name: 'socketio-redis',
  title: 'Socket.IO, Redis adapter',
  env: { ADAPTER: 'redis' },
});
export const PLAIN_WS_ARM = peerArm({
  name: 'plain-ws',
  title: 'plain ws, one process',
  script: 'ws-server.mjs',
  dialect: 'plain',
  services: [],
  nodes: 1,
});

/** Every system that is compared, in the order in which it is reported. */
export const ARMS: readonly Arm[] = [
  WARREN_ARM,
  SOCKET_IO_ARM,
  peerArm({ ...SOCKET_IO, name: 'socketio-sharded', title: 'Socket.IO, sharded Redis adapter', env: { ADAPTER: 'sharded' } }),
  peerArm({ ...SOCKET_IO, name: 'socketio-streams', title: 'Socket.IO, Redis streams adapter', env: { ADAPTER: 'streams' } }),
  PLAIN_WS_ARM,
  peerArm({
    name: 'literal',
    title: 'one look-up and one publish per message',
    script: 'literal-server.mjs',
    dialect: 'plain',
    services: ['redis', 'rabbitmq'],
  }),
  amqpArm({ name: 'warren-amqp', title: 'Warren’s AMQP leg alone, confirmed and durable', role: 'warren' }),
  amqpArm({ name: 'raw-amqp', title: 'amqplib, unconfirmed, transient', role: 'raw' }),
];

/** @throws Error when there is no such arm. */
export function findArm(name: string): Arm {
  const found = ARMS.find((arm) => arm.name === name);
  if (found === undefined) throw new Error(`no arm ${name}; there are ${ARMS.map((arm): ArmName => arm.name).join(', ')}`);
  return found;
}
