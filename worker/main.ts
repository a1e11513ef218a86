import { createLogger } from '../shared/adapters/pino/logger.js';
import { readConfig } from '../shared/config/define.js';
import { WORKER_CONFIG } from '../shared/config/schemas.js';
import type { Logger } from '../shared/ports/index.js';
import { runProcess } from '../shared/runtime/run-process.js';
import { composeWorker } from './compose.js';

let logger: Logger | undefined;

await runProcess({
  compose: () => {
    const config = readConfig(WORKER_CONFIG, process.env);
    logger = createLogger({ level: config.LOG_LEVEL, fields: { process: 'worker', port: config.PORT } });
    return composeWorker(config, logger);
  },
  logger: () => logger,
});
