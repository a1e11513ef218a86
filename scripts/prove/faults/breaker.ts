import type { FaultRecord } from '../history/records.js';
import type { FaultTools, Lane } from './fault.js';
import type { PlannedFault } from './schedule.js';
import { wait } from './fault.js';

export interface BreakerOptions {
  readonly plan: ReadonlyMap<Lane, Iterable<PlannedFault>>;
  readonly tools: FaultTools;
  readonly onFault: (fault: FaultRecord) => void;
  /** No new fault after this; ms since the run began. */
  readonly until: number;
}

/** Carries a plan out: the lanes side by side, in each lane one fault after the other. Resolves when the last one is healed. */
export async function breakThings(options: BreakerOptions): Promise<readonly FaultRecord[]> {
  const lanes = [...options.plan.values()].map((planned) => runLane(planned, options));
  return (await Promise.all(lanes)).flat().sort((a, b) => a.from - b.from);
}

async function runLane(planned: Iterable<PlannedFault>, { tools, onFault, until }: BreakerOptions): Promise<FaultRecord[]> {
  const done: FaultRecord[] = [];
  const skipped = new Set<string>();
  for (const { kind, pauseMs } of planned) {
    if (tools.now() + pauseMs >= until) break;
    if (kind.unavailable !== undefined) {
      // All of a lane may be out of reach: then it ends.
      if (skipped.has(kind.name) && done.length === skipped.size) break;
      if (skipped.has(kind.name)) continue;
      skipped.add(kind.name);
      done.push({ kind: kind.name, target: '', from: tools.now(), healed: tools.now(), skipped: kind.unavailable });
      continue;
    }
    await wait(pauseMs);
    const from = tools.now();
    const target = await kind.run(tools);
    const fault = { kind: kind.name, target, from, healed: tools.now(), forgets: kind.forgets };
    done.push(fault);
    onFault(fault);
  }
  return done;
}
