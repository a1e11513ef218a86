import type { Logger } from '../../shared/ports/index.js';

/** For adapters that must log and whose log no test reads. */
export class SilentLogger implements Logger {
  debug = (): void => undefined;
  info = (): void => undefined;
  warn = (): void => undefined;
  error = (): void => undefined;
  child = (): Logger => this;
}
