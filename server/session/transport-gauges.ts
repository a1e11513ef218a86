import type { Gauge, Metrics } from '../../shared/ports/index.js';
import type { Connection } from '../transport/connection.js';

type Transport = Connection['transport'];

/** Open connections by the way they came: says how many are on a fallback. */
export class TransportGauges {
  readonly #metrics: Metrics;
  readonly #counts = new Map<Transport, { count: number; readonly gauge: Gauge }>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  add(transport: Transport, change: 1 | -1): void {
    const entry = this.#counts.get(transport) ?? this.#begin(transport);
    entry.count += change;
    entry.gauge.set(entry.count);
  }

  #begin(transport: Transport): { count: number; readonly gauge: Gauge } {
    const gauge = this.#metrics.gauge('warren_transport_connections', 'Open connections of this server by transport', { transport });
    const entry = { count: 0, gauge };
    this.#counts.set(transport, entry);
    return entry;
  }
}
