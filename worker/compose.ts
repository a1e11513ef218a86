import { createMetrics } from '../shared/adapters/prometheus/metrics.js';
import { openInfrastructure } from '../shared/composition/infrastructure.js';
import type { ConfigOf } from '../shared/config/define.js';
import type { WORKER_CONFIG } from '../shared/config/schemas.js';
import type { Logger } from '../shared/ports/index.js';
import { composeServices, type Service } from '../shared/runtime/service.js';
import { assembleWorker } from './assemble.js';

/** A worker on the real products. */
export async function composeWorker(config: ConfigOf<typeof WORKER_CONFIG>, logger: Logger): Promise<Service> {
  const infrastructure = await openInfrastructure(config, logger);
  const { HOST: host, PORT: port, PARTITIONS: partitions, ARCHIVE_PREFETCH: held } = config;
  // The bound is the process': it does not grow with the number of partitions.
  const prefetch = Math.ceil(held / partitions);
  const worker = assembleWorker({ ...infrastructure, metrics: createMetrics({ process: 'worker' }) }, { host, port, partitions, prefetch });
  return composeServices('worker process', [infrastructure.service, worker]);
}
