import type { Measurement } from '../arms/arm.js';

/** From here on, the one thread of the load generator may be what limits the rate. */
export const LOAD_BUSY_LIMIT = 0.85;
/** Above this share of all cores, somebody else's work has slowed the run. */
const NEIGHBOURS_LIMIT = 0.1;
const STORED_LIMIT = 0.95;

/** Why a run says nothing about the system under test; undefined when it does. */
export function whyVoid(measurement: Measurement): string | undefined {
  if (measurement.delivered === 0) return 'nothing was delivered';
  if (measurement.wrong > 0)
    return `${measurement.wrong} messages were not as they were sent, or out of order: ${measurement.faults.join('; ')}`;
  if (measurement.lost > 0) return `${measurement.lost} messages were never delivered`;
  if (measurement.lost < 0) return `${-measurement.lost} messages were delivered more than once`;
  if (measurement.errors > 0) return `${measurement.errors} errors`;
  if (measurement.loadBusy > LOAD_BUSY_LIMIT) return `the load generator was busy for ${percent(measurement.loadBusy)} of the time`;
  return undefined;
}

/** What a reader of the figures must know; the run counts. */
export function remarks(measurement: Measurement): readonly string[] {
  const { neighbours, stored, wrongBefore } = measurement;
  return [
    ...(wrongBefore > 0 ? [`${wrongBefore} messages were out of order while warming up`] : []),
    ...(neighbours > NEIGHBOURS_LIMIT ? [`other work took ${percent(neighbours)} of the machine`] : []),
    ...(stored !== undefined && stored < STORED_LIMIT ? [`the archive fell behind: ${percent(stored)} stored, so its CPU is too low`] : []),
  ];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
