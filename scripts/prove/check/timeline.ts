import type { Facts } from './facts.js';
import { percentile } from './percentile.js';
import type { Moment } from './verdict.js';

interface Bucket {
  sent: number;
  acked: number;
  received: number;
  readonly latencies: number[];
}

/** The run by seconds. */
export function drawTimeline(facts: Facts): Moment[] {
  const buckets: Bucket[] = [];
  const at = (t: number): Bucket => {
    const second = Math.max(0, Math.floor(t / 1_000));
    for (let n = buckets.length; n <= second; n++) buckets.push({ sent: 0, acked: 0, received: 0, latencies: [] });
    return buckets[second] as Bucket;
  };
  for (const record of facts.history.records) {
    if (record.op === 'send') at(record.t).sent += 1;
    else if (record.op === 'told') at(record.t).received += 1;
    else if (record.op === 'ack') {
      const bucket = at(record.t);
      bucket.acked += 1;
      bucket.latencies.push(record.t - (facts.commands.get(record.cl)?.send.t ?? record.t));
    }
  }
  return buckets.map(({ sent, acked, received, latencies }, second) => ({
    ...{ second, sent, acked, received },
    ...{ ackP50Ms: percentile(latencies, 0.5), ackP99Ms: percentile(latencies, 0.99) },
  }));
}
