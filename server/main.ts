import { createLogger } from '../shared/adapters/pino/logger.js';
import { readConfig } from '../shared/config/define.js';
import { SERVER_CONFIG } from '../shared/config/schemas.js';
import type { Logger } from '../shared/ports/index.js';
import { runProcess } from '../shared/runtime/run-process.js';
import { composeServer } from './compose.js';

let logger: Logger | undefined;

await runProcess({
  compose: () => {
    const config = readConfig(SERVER_CONFIG, process.env);
    logger = createLogger({ level: config.LOG_LEVEL, fields: { process: 'server', serverId: config.SERVER_ID } });
    return composeServer(config, logger);
  },
  logger: () => logger,
});
