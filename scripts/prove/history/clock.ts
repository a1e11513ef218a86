/** The machine's monotonic clock in milliseconds: the same in every process of the run. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}
