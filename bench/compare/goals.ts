import type { ArmName } from '../arms/arm.js';
import type { ArmSummary } from './print.js';
import { judge, type Goal, type Verdict } from './verdict.js';

/** One arm's median over another's. */
export interface RatioGoal extends Goal {
  readonly ours: ArmName;
  readonly theirs: ArmName;
  readonly inFlight: number;
  readonly pick: (summary: ArmSummary) => number;
}

const AGAINST_SOCKET_IO = { ours: 'warren', theirs: 'socketio-redis', unit: '×' } as const;

/** Measures 1 and 2. */
export const ROUTING_GOALS: readonly RatioGoal[] = [
  {
    measure: 1,
    what: 'delivered/s across servers, 20 in flight, against Socket.IO with the Redis adapter',
    inFlight: 20,
    pick: (one) => one.deliveredPerSecond.median,
    ...AGAINST_SOCKET_IO,
    ...{ better: 'higher', floor: 1.5, aim: 2.5 },
  },
  {
    measure: 2,
    what: 'CPU per delivered message, 20 in flight, against the same',
    inFlight: 20,
    pick: (one) => one.systemMicros.median,
    ...AGAINST_SOCKET_IO,
    ...{ better: 'lower', floor: 0.6, aim: 0.35 },
  },
  {
    measure: 2,
    what: 'CPU per delivered message, 1 in flight, against the same',
    inFlight: 1,
    pick: (one) => one.systemMicros.median,
    ...AGAINST_SOCKET_IO,
    ...{ better: 'lower', floor: 0.8, aim: 0.45 },
  },
];

/** Measure 5. */
export const AMQP_GOALS: readonly RatioGoal[] = [
  {
    measure: 5,
    what: 'confirmed, durable messages/s on the AMQP leg against raw unconfirmed amqplib',
    ours: 'warren-amqp',
    theirs: 'raw-amqp',
    inFlight: 20,
    pick: (one) => one.deliveredPerSecond.median,
    ...{ unit: '×', better: 'higher', floor: 3, aim: 10 },
  },
];

/** Those for which both arms were measured. */
export function judgeComparison(goals: readonly RatioGoal[], summaries: readonly ArmSummary[]): readonly Verdict[] {
  return goals.flatMap(({ inFlight, pick, ours, theirs, ...goal }) => {
    const [mine, other] = [ours, theirs].map((arm) => summaries.find((one) => one.arm === arm && one.inFlight === inFlight));
    return mine === undefined || other === undefined ? [] : [judge(goal, pick(mine) / pick(other))];
  });
}
