/**
 * At the first signal `stop` is called, and the process ends with 130 when it is done. More signals change nothing: npm hands on the Ctrl-C that
 * the terminal has sent to everybody, and the second one would end this process while its services still run.
 */
export function endOnSignals(stop: () => Promise<unknown>): void {
  let ending: Promise<unknown> | undefined;
  const end = (): void => {
    ending ??= stop().finally(() => process.exit(130));
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, end);
}
