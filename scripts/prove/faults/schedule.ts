import type { SeededRandom } from '../random.js';
import type { FaultKind, Lane } from './fault.js';

/** A fault to come, and how long to wait before it once the one before is healed. */
export interface PlannedFault {
  readonly kind: FaultKind;
  readonly pauseMs: number;
}

const LANES: readonly Lane[] = ['node', 'dependency', 'client'];
const LEAST_PAUSE_MS = 500;
const MOST_PAUSE_MS = 10_000;
/** Before and after a fault that comes by itself; ms. */
export const QUIET_MS = 6_000;

/** An endless list per lane, decided by the seed. Kinds come up by their weight; none a second time before every kind has come once. */
export function planFaults(kinds: readonly FaultKind[], random: SeededRandom): ReadonlyMap<Lane, Iterable<PlannedFault>> {
  return new Map(
    LANES.map((lane) => [
      lane,
      planLane(
        kinds.filter((kind) => kind.lane === lane),
        random.fork(),
      ),
    ]),
  );
}

/** Those that come by themselves, one after the other, each after everything has been quiet for a while. */
export function planAlone(kinds: readonly FaultKind[]): readonly PlannedFault[] {
  return kinds.filter(({ alone }) => alone === true).map((kind) => ({ kind, pauseMs: QUIET_MS }));
}

/** Each other kind once per lane: the short form. */
export function planOnce(kinds: readonly FaultKind[], random: SeededRandom): ReadonlyMap<Lane, Iterable<PlannedFault>> {
  const rest = kinds.filter(({ alone }) => alone !== true);
  const planned = random.shuffle(rest).map((kind) => ({ kind, pauseMs: LEAST_PAUSE_MS }));
  return new Map(LANES.map((lane) => [lane, planned.filter(({ kind }) => kind.lane === lane)]));
}

function* planLane(kinds: readonly FaultKind[], random: SeededRandom): Generator<PlannedFault> {
  for (const kind of random.shuffle(kinds)) yield planned(kind, random);
  for (;;) {
    const kind = pickByWeight(kinds, random);
    if (kind === undefined) return;
    yield planned(kind, random);
  }
}

function pickByWeight(kinds: readonly FaultKind[], random: SeededRandom): FaultKind | undefined {
  let dice = random.next() * kinds.reduce((sum, kind) => sum + kind.weight, 0);
  return kinds.find((kind) => (dice -= kind.weight) < 0);
}

function planned(kind: FaultKind, random: SeededRandom): PlannedFault {
  return { kind, pauseMs: LEAST_PAUSE_MS + random.below(MOST_PAUSE_MS - LEAST_PAUSE_MS) };
}
