import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { FlightRing } from '../../domain/flight-ring.js';
import type { Metrics } from '../../ports/index.js';

type Labels = Readonly<Record<string, string>>;

/** What a gauge was set to last; `undefined` until then. */
interface Level {
  readonly labels: Labels;
  value: number | undefined;
}

/** Instruments of one process, with Node's own (event loop, memory, GC). Label sets are the caller's to bound. */
export function createMetrics(processLabels: Labels): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels(processLabels);
  collectDefaultMetrics({ register: registry });
  const families = new Map<string, Counter | Gauge | Histogram>();
  /** By name and labels. Told to the registry when that is read: some are set with every connection that comes and goes, and a set there hashes the labels. */
  const levels = new Map<string, Map<string, Level>>();
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
      const known = levels.get(name) ?? new Map<string, Level>();
      levels.set(name, known);
      const collect = function (this: Gauge): void {
        for (const { labels, value } of known.values()) if (value !== undefined) this.set(labels, value);
      };
      family(name, () => new Gauge({ name, help, labelNames: Object.keys(labels), registers: [registry], collect }));
      const key = JSON.stringify(labels);
      const level = known.get(key) ?? { labels, value: undefined };
      known.set(key, level);
      return { set: (value) => (level.value = value) };
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
