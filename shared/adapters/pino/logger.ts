import { pino, type Logger as PinoLogger } from 'pino';
import type { LogFields, Logger } from '../../ports/index.js';

/** JSON lines on standard output. Errors under `err` or `error` are written with their stack and cause. */
export function createLogger(options: { readonly level: string; readonly fields: LogFields }): Logger {
  const serializers = { error: pino.stdSerializers.errWithCause, err: pino.stdSerializers.errWithCause };
  return wrap(pino({ level: options.level, base: options.fields, serializers, timestamp: pino.stdTimeFunctions.isoTime }));
}

function wrap(log: PinoLogger): Logger {
  return {
    debug: (fields, phrase) => log.debug(fields, phrase),
    info: (fields, phrase) => log.info(fields, phrase),
    warn: (fields, phrase) => log.warn(fields, phrase),
    error: (fields, phrase) => log.error(fields, phrase),
    child: (fields) => wrap(log.child(fields)),
  };
}
