import type { ArmName } from '../arms/arm.js';
import type { ArmSummary } from './print.js';
import { judge, type Goal, type Verdict } from './verdict.js';

/** What people would take instead; the ratios are against it. */
const RIVAL: ArmName = 'socketio-redis';

interface RatioGoal extends Goal {
  readonly inFlight: number;
  readonly pick: (summary: ArmSummary) => number;
}

const GOALS: readonly RatioGoal[] = [
  {
    measure: 1,
    what: 'delivered/s across servers, 20 in flight, against Socket.IO with the Redis adapter',
    inFlight: 20,
    pick: (one) => one.deliveredPerSecond.median,
    ...{ unit: '×', better: 'higher', floor: 1.5, aim: 2.5 },
  },
  {
    measure: 2,
    what: 'CPU per delivered message, 20 in flight, against the same',
    inFlight: 20,
    pick: (one) => one.systemMicros.median,
    ...{ unit: '×', better: 'lower', floor: 0.6, aim: 0.35 },
  },
  {
    measure: 2,
    what: 'CPU per delivered message, 1 in flight, against the same',
    inFlight: 1,
    pick: (one) => one.systemMicros.median,
    ...{ unit: '×', better: 'lower', floor: 0.8, aim: 0.45 },
  },
];

/** Those for which both arms were measured. */
export function judgeComparison(summaries: readonly ArmSummary[]): readonly Verdict[] {
  const find = (arm: ArmName, inFlight: number): ArmSummary | undefined =>
    summaries.find((one) => one.arm === arm && one.inFlight === inFlight);
  return GOALS.flatMap(({ inFlight, pick, ...goal }) => {
    const [ours, theirs] = [find('warren', inFlight), find(RIVAL, inFlight)];
    return ours === undefined || theirs === undefined ? [] : [judge(goal, pick(ours) / pick(theirs))];
  });
}
