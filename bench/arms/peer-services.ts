import { join } from 'node:path';
import type { ProcessFolders } from '../../scripts/cluster/managed-process.js';
import type { PortAllocator } from '../../scripts/cluster/ports.js';
import type { PrivateService } from '../../scripts/services/private-service.js';
import { createRabbitmq } from '../../scripts/services/rabbitmq.js';
import { createRedis } from '../../scripts/services/redis.js';

export interface ServicePlan {
  readonly allocator: PortAllocator;
  readonly folders: ProcessFolders;
  readonly data: string;
}

/** Apart from Warren's own, so that neither stops the other's processes. */
export function peerFolders(): { readonly data: string; readonly folders: ProcessFolders } {
  const folder = join(process.cwd(), '.warren', 'bench-peers');
  return { data: join(folder, 'data'), folders: { logs: join(folder, 'logs'), run: join(folder, 'run') } };
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
