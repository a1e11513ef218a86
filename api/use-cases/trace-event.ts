import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { FlightStep } from '../../shared/domain/flight-ring.js';
import type { EventId } from '../../shared/domain/ids.js';
import type { UseCaseDeps } from './deps.js';

export interface TracedStep extends FlightStep {
  readonly process: string;
}

/** Nobody knows how many processes there are: this long is waited for what they say. */
const GATHER_MS = 500;

/** Where an event went, as far as the processes still know, in the order of their clocks. Rejects with UNAVAILABLE. */
export async function traceEvent(deps: Pick<UseCaseDeps, 'bus' | 'traces'>, eventId: EventId): Promise<readonly TracedStep[]> {
  const request = randomUUID();
  await deps.bus.control({ type: 'trace', eventId, request });
  await pause(GATHER_MS);
  const reports = await deps.traces.collect(request);
  const steps = reports.flatMap(({ process, steps: noted }) => noted.map((step) => ({ ...step, process })));
  return steps.sort((a, b) => a.at - b.at);
}
