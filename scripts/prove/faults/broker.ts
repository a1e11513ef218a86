import { probePort } from '../../services/probes.js';
import { until, wait, type FaultKind, type FaultTools } from './fault.js';

const ALARM_MS = 5_000;
/** What the broker is configured with. */
const USUAL_WATERMARK = 0.3;

async function restart({ arena, opened }: FaultTools): Promise<string> {
  const { rabbitmq } = arena.cluster.backing;
  const child = arena.cluster.process('rabbitmq');
  child.kill('SIGKILL');
  await child.ended();
  const opening = until('the broker taking connections', () => probePort(arena.cluster.layout.rabbitmq.amqp)).then(opened);
  await Promise.all([child.start(), opening]);
  await until('the broker being healthy', () => rabbitmq?.healthy() ?? Promise.resolve(false));
  return 'rabbitmq';
}

async function cutConnections({ arena }: FaultTools): Promise<string> {
  return `${await arena.broker.closeConnections()} connections`;
}

async function alarm({ arena }: FaultTools): Promise<string> {
  await arena.broker.setMemoryWatermark(0);
  try {
    await wait(ALARM_MS);
  } finally {
    await arena.broker.setMemoryWatermark(USUAL_WATERMARK);
  }
  return `memory, ${ALARM_MS / 1_000} s`;
}

async function deleteQueue({ arena, random }: FaultTools): Promise<string> {
  const queue = `chat.queue.${random.pick(arena.servers)}`;
  await arena.broker.deleteQueue(queue);
  return queue;
}

export const BROKER_FAULTS: readonly FaultKind[] = [
  { name: 'broker-restart', lane: 'dependency', weight: 1, short: true, alone: true, run: restart },
  { name: 'cut-connections', lane: 'dependency', weight: 3, short: true, run: cutConnections },
  { name: 'broker-alarm', lane: 'dependency', weight: 1, short: true, run: alarm },
  { name: 'delete-queue', lane: 'dependency', weight: 3, short: true, run: deleteQueue },
];
