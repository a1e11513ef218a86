import type { FlightStep } from '../domain/flight-ring.js';

/** Structured log: a constant lower-case phrase and fields; never a body or a token. */
export interface Logger {
  debug(fields: LogFields, phrase: string): void;
  info(fields: LogFields, phrase: string): void;
  warn(fields: LogFields, phrase: string): void;
  /** An operator must act. */
  error(fields: LogFields, phrase: string): void;
  child(fields: LogFields): Logger;
}
export type LogFields = Readonly<Record<string, unknown>>;

export interface Counter {
  inc(value?: number): void;
}
export interface Gauge {
  set(value: number): void;
}
export interface Histogram {
  observe(value: number): void;
}

/** Prometheus-style; names start with `warren_`, units in the name (`_seconds`, `_bytes`, `_total`). The same name returns the same instrument. */
export interface Metrics {
  counter(name: string, help: string, labels?: Readonly<Record<string, string>>): Counter;
  gauge(name: string, help: string, labels?: Readonly<Record<string, string>>): Gauge;
  /** Buckets in the metric's unit. */
  histogram(name: string, help: string, buckets: readonly number[], labels?: Readonly<Record<string, string>>): Histogram;
  /** The exposition text. */
  render(): Promise<string>;
  /** The last steps of events in this process, for `GET /v1/admin/messages/:messageId/trace`. */
  readonly flight: FlightRecorder;
}

/** Monotonic and wall time, so that tests can hold them. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  monotonic(): number;
}

/** Steps of events, bounded, noted without making an object or a string. */
export interface FlightRecorder {
  /** `subject`: the device or server that the step is about. */
  note(step: string, id: string, subject?: string): void;
  /** The same, of the event whose JSON this is. */
  noteIn(step: string, event: Uint8Array, subject?: string): void;
  /** What is still held about the event, oldest first. */
  find(id: string): readonly FlightStep[];
}
