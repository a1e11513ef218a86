/** Below it a part is left out; µs. */
const LEAST_MICROS = 0.05;

/** CPU of a message, or of a connection, by who took it, in µs, the dearest first. */
export function printParts(cpuMicros: Readonly<Record<string, number>>): string {
  return Object.entries(cpuMicros)
    .filter(([, micros]) => micros >= LEAST_MICROS)
    .sort(([, a], [, b]) => b - a)
    .map(([part, micros]) => `${part} ${micros.toFixed(1)}`)
    .join(', ');
}
