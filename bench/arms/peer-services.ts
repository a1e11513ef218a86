import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessFolders } from '../../scripts/cluster/managed-process.js';
import type { PortAllocator } from '../../scripts/cluster/ports.js';
import { stopRecorded } from '../../scripts/cluster/stop-recorded.js';
import type { PrivateService } from '../../scripts/services/private-service.js';
import { createRabbitmq } from '../../scripts/services/rabbitmq.js';
import { createRedis } from '../../scripts/services/redis.js';

export interface ServicePlan {
  readonly allocator: PortAllocator;
  readonly folders: ProcessFolders;
  readonly data: string;
}

export interface PeerFolders {
  readonly data: string;
  readonly folders: ProcessFolders;
}

/** Beside Warren's own, without data, and without processes that an earlier run was not able to stop. */
export async function clearPeerFolders(folder: string): Promise<PeerFolders> {
  const own = join(folder, 'peers');
  const folders = { logs: join(own, 'logs'), run: join(own, 'run') };
  const data = join(own, 'data');
  await stopRecorded(folders.run, () => undefined);
  rmSync(data, { recursive: true, force: true });
  return { data, folders };
}

/** The services are Warren's own, started in the same way. */
export async function createService(product: 'redis' | 'rabbitmq', { allocator, folders, data }: ServicePlan): Promise<PrivateService> {
  const take = (name: string): Promise<number> => allocator.take(name, 0);
  if (product === 'redis') return createRedis({ ...folders, data, port: await take('redis') });
  return createRabbitmq({
    ...folders,
    data,
    port: await take('amqp'),
    managementPort: await take('management'),
    distPort: await take('dist'),
    epmdPort: await take('epmd'),
    user: 'warren',
    password: 'warren',
  });
}
