import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { FlightRing } from '../../domain/flight-ring.js';
import type { Metrics } from '../../ports/index.js';

type Labels = Readonly<Record<string, string>>;

/** Instruments of one process, with Node's own (event loop, memory, GC). Label sets are the caller's to bound. */
export function createMetrics(processLabels: Labels): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels(processLabels);
  collectDefaultMetrics({ register: registry });
  const families = new Map<string, Counter | Gauge | Histogram>();
  const family = <T extends Counter | Gauge | Histogram>(name: string, make: () => T): T => {
    const known = families.get(name) ?? make();
    families.set(name, known);
    return known as T;
  };
  return {
    counter(name, help, labels = {}) {
      const make = (): Counter => new Counter({ name, help, labelNames: Object.keys(labels), registers: [registry] });
      const child = family(name, make).labels(labels);
      return { inc: (value = 1) => child.inc(value) };
    },
    gauge(name, help, labels = {}) {
      const child = family(name, () => new Gauge({ name, help, labelNames: Object.keys(labels), registers: [registry] })).labels(labels);
      return { set: (value) => child.set(value) };
    },
    histogram(name, help, buckets, labels = {}) {
      const make = (): Histogram =>
        new Histogram({ name, help, buckets: [...buckets], labelNames: Object.keys(labels), registers: [registry] });
      const child = family(name, make).labels(labels);
      return { observe: (value) => child.observe(value) };
    },
    render: () => registry.metrics(),
    flight: new FlightRing({ now: Date.now }),
  };
}
