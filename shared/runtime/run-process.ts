import type { Logger } from '../ports/index.js';
import { ConfigError } from '../config/define.js';
import type { Service } from './service.js';

/**
 * Runs a composed process: starts it, stops it on SIGTERM and SIGINT (a second signal ends it at once), and ends with
 * a clear line when its configuration is bad. A programming error that nobody caught stops the process: its
 * supervisor starts a clean one, and what was acknowledged is in the broker.
 */
export async function runProcess(options: {
  readonly compose: () => Promise<Service> | Service;
  readonly logger: () => Logger | undefined;
}): Promise<void> {
  const log = (fields: Record<string, unknown>, phrase: string): void => {
    const logger = options.logger();
    if (logger === undefined) process.stderr.write(`${phrase}: ${JSON.stringify(fields)}\n`);
    else logger.error(fields, phrase);
  };
  const die = (phrase: string) => (error: unknown) => {
    log({ error }, phrase);
    process.exit(1);
  };
  process.on('uncaughtException', die('uncaught exception'));
  process.on('unhandledRejection', die('unhandled rejection'));
  try {
    const service = await options.compose();
    stopOnSignals(service, die('stop failed'));
    await service.start();
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(2);
    }
    die('start failed')(error);
  }
}

function stopOnSignals(service: Service, fail: (error: unknown) => void): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    service.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
