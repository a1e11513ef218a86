import { needProgram } from './binaries.js';
import { createPrivateService, productEnvironment, type PrivateService, type PrivateServiceOptions } from './private-service.js';
import { probePort } from './probes.js';

export interface MongodbOptions extends PrivateServiceOptions {
  readonly port: number;
  readonly database: string;
}

/** MongoDB on the loopback address, from a `mongod` that is installed; no Debian package brings one. */
export function createMongodb(options: MongodbOptions): PrivateService {
  const { port, data } = options;
  return createPrivateService({
    name: 'mongodb',
    url: `mongodb://127.0.0.1:${port}/${options.database}`,
    dataFolder: data,
    folders: options,
    prepare: () => Promise.resolve(),
    specs: [
      {
        name: 'mongodb',
        command: needProgram('mongod'),
        args: ['--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1', '--wiredTigerCacheSizeGB', '0.5'],
        env: productEnvironment({}),
        cwd: data,
        healthy: () => probePort(port),
        healthyWithinMs: 60_000,
        stopWithinMs: 30_000,
        advice: 'look at the log above, or point MONGO_URL at a MongoDB of your own.',
      },
    ],
  });
}
