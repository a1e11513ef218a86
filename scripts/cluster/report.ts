/** Takes one line (or a few) for the person at the terminal. */
export type Report = (text: string) => void;

/** Does the work and says how long it took; a failure passes through. */
export async function step<T>(report: Report, label: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  const result = await work();
  report(`  ${label.padEnd(58)} ${seconds(performance.now() - begin)}`);
  return result;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`.padStart(7);
}
