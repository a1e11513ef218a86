import { createLogger } from '../shared/adapters/pino/logger.js';
import { readConfig } from '../shared/config/define.js';
import { API_CONFIG } from '../shared/config/schemas.js';
import type { Logger } from '../shared/ports/index.js';
import { runProcess } from '../shared/runtime/run-process.js';
import { composeApi } from './compose.js';

let logger: Logger | undefined;

await runProcess({
  compose: () => {
    const config = readConfig(API_CONFIG, process.env);
    logger = createLogger({ level: config.LOG_LEVEL, fields: { process: 'api', port: config.PORT } });
    return composeApi(config, logger);
  },
  logger: () => logger,
});
