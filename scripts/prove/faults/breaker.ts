import type { FaultRecord } from '../history/records.js';
import type { FaultTools, Lane } from './fault.js';
import type { PlannedFault } from './schedule.js';
import { QUIET_MS } from './schedule.js';
import { wait } from './fault.js';

export interface BreakerOptions {
  /** Before all others, by themselves. */
  readonly alone: readonly PlannedFault[];
  readonly plan: ReadonlyMap<Lane, Iterable<PlannedFault>>;
  readonly tools: Omit<FaultTools, 'opened'>;
  readonly onFault: (fault: FaultRecord) => void;
  /** No new fault after this; ms since the run began. */
  readonly until: number;
}

/** Carries a plan out: the lanes side by side, in each lane one fault after the other. Resolves when the last one is healed. */
export async function breakThings(options: BreakerOptions): Promise<readonly FaultRecord[]> {
  const alone: FaultRecord[] = [];
  for (const planned of options.alone) alone.push({ ...(await breakOne(planned, options)), alone: true });
  // What the last of them takes to recover from is not to be the others' doing either.
  if (alone.length > 0) await wait(QUIET_MS);
  const lanes = [...options.plan.values()].map((planned) => runLane(planned, options));
  return [...alone, ...(await Promise.all(lanes)).flat()].sort((a, b) => a.from - b.from);
}

async function runLane(plan: Iterable<PlannedFault>, options: BreakerOptions): Promise<FaultRecord[]> {
  const { tools, until } = options;
  const done: FaultRecord[] = [];
  const skipped = new Set<string>();
  for (const planned of plan) {
    const { kind, pauseMs } = planned;
    if (tools.now() + pauseMs >= until) break;
    if (kind.unavailable === undefined) {
      done.push(await breakOne(planned, options));
      continue;
    }
    // All of a lane may be out of reach: then it ends.
    if (skipped.has(kind.name) && done.length === skipped.size) break;
    if (skipped.has(kind.name)) continue;
    skipped.add(kind.name);
    done.push({ kind: kind.name, target: '', from: tools.now(), healed: tools.now(), skipped: kind.unavailable });
  }
  return done;
}

async function breakOne({ kind, pauseMs }: PlannedFault, { tools, onFault }: BreakerOptions): Promise<FaultRecord> {
  await wait(pauseMs);
  const from = tools.now();
  let openedAt: number | undefined;
  const target = await kind.run({ ...tools, opened: () => (openedAt = tools.now()) });
  const fault = { kind: kind.name, target, from, healed: tools.now(), opened: openedAt, forgets: kind.forgets };
  onFault(fault);
  return fault;
}
