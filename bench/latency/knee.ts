/** One rate of a sweep: messages are due at it whether or not the system keeps up. */
export interface SweepPoint {
  readonly perSecond: number;
  readonly deliveredPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly systemMicros: number;
  /** Why the point says nothing about the system; it counts as not kept up with. */
  readonly void: string | undefined;
}

const KEPT_UP = 0.97;
export const KNEE_P99_MS = 100;

/** The system keeps up: what is due is delivered, and nearly all of it within {@link KNEE_P99_MS}. */
export function keepsUp(point: SweepPoint): boolean {
  return point.void === undefined && point.deliveredPerSecond >= KEPT_UP * point.perSecond && point.p99Ms <= KNEE_P99_MS;
}

/** A system that does not keep up once may have met a moment of the machine's. */
const TRIES = 2;

/** Measures one rate after the other, until the system does not keep up with one, however often it is tried. Every try is a point. */
export async function sweepRates(
  rates: readonly number[],
  measure: (perSecond: number) => Promise<SweepPoint>,
): Promise<readonly SweepPoint[]> {
  const points: SweepPoint[] = [];
  for (const perSecond of rates) {
    let keptUp = false;
    for (let tries = 0; tries < TRIES && !keptUp; tries++) {
      const point = await measure(perSecond);
      points.push(point);
      keptUp = keepsUp(point);
    }
    if (!keptUp) break;
  }
  return points;
}

/** The last rate before the first at which the system never kept up; undefined when it did not at the lowest. */
export function kneeOf(points: readonly SweepPoint[]): SweepPoint | undefined {
  let knee: SweepPoint | undefined;
  for (const { perSecond } of [...points].sort((a, b) => a.perSecond - b.perSecond)) {
    const kept = points.find((point) => point.perSecond === perSecond && keepsUp(point));
    if (kept === undefined) break;
    knee = kept;
  }
  return knee;
}
