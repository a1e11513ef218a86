/** A measure of the comparison with what it must reach, and what it should. Ratios, so that they travel between machines. */
export interface Goal {
  readonly measure: number;
  readonly what: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly floor: number;
  readonly aim: number;
}

export interface Verdict extends Goal {
  readonly value: number;
  readonly reached: 'aim' | 'floor' | 'short';
}

export function judge(goal: Goal, value: number): Verdict {
  const reaches = (mark: number): boolean => (goal.better === 'higher' ? value >= mark : value <= mark);
  return { ...goal, value, reached: reaches(goal.aim) ? 'aim' : reaches(goal.floor) ? 'floor' : 'short' };
}

const WORDS = { aim: 'aim reached', floor: 'floor reached, aim not', short: 'SHORT of the floor' } as const;

export function printVerdict(verdict: Verdict): string {
  const { measure, what, value, unit, better, floor, aim, reached } = verdict;
  const sign = better === 'higher' ? '≥' : '≤';
  return `  ${String(measure).padStart(2)}  ${what}: ${figure(value)}${unit}  (floor ${sign} ${figure(floor)}${unit}, aim ${sign} ${figure(aim)}${unit})  ${WORDS[reached]}`;
}

function figure(value: number): string {
  if (value === 0 || Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  if (Math.abs(value) < 0.01) return value.toPrecision(1);
  return value.toFixed(Math.abs(value) >= 100 ? 0 : 2);
}
