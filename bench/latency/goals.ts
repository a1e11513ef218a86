import { judge, type Goal, type Verdict } from '../compare/verdict.js';
import type { LatencyReport } from './run.js';

const P99: Goal = {
  measure: 3,
  what: 'p99 delivery at half of Socket.IO’s knee, against Socket.IO at the same rate',
  ...{ unit: '×', better: 'lower', floor: 1, aim: 0.5 },
};
const P50: Goal = { measure: 3, what: 'p50 delivery with 4 messages under way', unit: ' ms', better: 'lower', floor: 3, aim: 1 };

export function judgeLatency({ arms }: LatencyReport): readonly Verdict[] {
  const [ours, theirs] = arms;
  const ratio =
    ours?.atRate === undefined || theirs?.atRate === undefined ? undefined : ours.atRate.p99Ms.median / theirs.atRate.p99Ms.median;
  return [
    ...(ratio === undefined ? [] : [judge(P99, ratio)]),
    ...(ours?.fourInFlight === undefined ? [] : [judge(P50, ours.fourInFlight.p50Ms.median)]),
  ];
}
