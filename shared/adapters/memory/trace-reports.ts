import type { TraceReport, TraceReports } from '../../ports/index.js';
import { ExpiringMap, monotonicNow } from './expiring-map.js';
import { promised } from './promised.js';

const KEEP_MS = 60_000;
const MAX_REQUESTS = 1_000;

export class MemoryTraceReports implements TraceReports {
  readonly #reports = new ExpiringMap<string, readonly TraceReport[]>(MAX_REQUESTS, monotonicNow);

  post(request: string, report: TraceReport): Promise<void> {
    return promised(() => this.#reports.set(request, [...(this.#reports.get(request) ?? []), report], KEEP_MS));
  }

  collect(request: string): Promise<readonly TraceReport[]> {
    return promised(() => this.#reports.get(request) ?? []);
  }
}
