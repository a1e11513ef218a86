/** One rate of a sweep: messages are due at it whether or not the system keeps up. */
export interface SweepPoint {
  readonly perSecond: number;
  readonly deliveredPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly systemMicros: number;
  /** Why the point says nothing about the system; such a point ends the sweep. */
  readonly void: string | undefined;
}

const KEPT_UP = 0.97;
export const KNEE_P99_MS = 100;

/** The system keeps up: what is due is delivered, and nearly all of it within {@link KNEE_P99_MS}. */
export function keepsUp(point: SweepPoint): boolean {
  return point.void === undefined && point.deliveredPerSecond >= KEPT_UP * point.perSecond && point.p99Ms <= KNEE_P99_MS;
}

/** The last rate before the first at which the system does not keep up; undefined when it does not at the lowest. */
export function kneeOf(points: readonly SweepPoint[]): SweepPoint | undefined {
  const ascending = [...points].sort((a, b) => a.perSecond - b.perSecond);
  const fails = ascending.findIndex((point) => !keepsUp(point));
  return fails === -1 ? ascending.at(-1) : ascending[fails - 1];
}
