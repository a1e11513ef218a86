import type { FromLeg } from '../amqp/protocol.js';
import type { LoadResult, Quantiles } from '../load/protocol.js';

export type LegCounts = Extract<FromLeg, { type: 'counts' }>['counts'];
export type LegDrained = Extract<FromLeg, { type: 'drained' }>;

/** Two processes as one load: counts are added, of latencies the worse one stands. */
export function addUp(
  counts: readonly LegCounts[],
  { seconds, drained }: { readonly seconds: number; readonly drained: readonly LegDrained[] },
): LoadResult {
  const sum = (pick: (one: LegCounts) => number): number => counts.reduce((total, one) => total + pick(one), 0);
  const worse = (pick: (one: LegCounts) => Quantiles): Quantiles => ({
    p50: Math.max(...counts.map((one) => pick(one).p50)),
    p99: Math.max(...counts.map((one) => pick(one).p99)),
    max: Math.max(...counts.map((one) => pick(one).max)),
  });
  return {
    sent: sum((one) => one.sent),
    delivered: sum((one) => one.delivered),
    acked: sum((one) => one.acked),
    wrong: sum((one) => one.wrong),
    wrongBefore: sum((one) => one.wrongBefore),
    faults: counts.flatMap((one) => one.faults),
    sentInAll: drained.reduce((total, one) => total + one.sentInAll, 0),
    errors: drained.reduce((total, one) => total + one.errors, 0),
    lost: drained.reduce((total, one) => total + one.underWay, 0),
    seconds,
    cpuMs: 0,
    ackMs: worse((one) => one.ackMs),
    deliveryMs: worse((one) => one.deliveryMs),
    deliverySpansMs: [],
    latenessMs: worse((one) => one.latenessMs),
  };
}
