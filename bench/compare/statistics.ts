/** The middle of several repeats and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws Error without values. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new Error('no values');
  const middle = (sorted.length - 1) / 2;
  const [low = min, high = min] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return { median: (low + high) / 2, min, max };
}

/** A B B A A B …: whatever drifts on the machine meets every arm alike. */
export function interleave<T>(arms: readonly T[], repeats: number): readonly (readonly T[])[] {
  return Array.from({ length: repeats }, (_, n) => (n % 2 === 0 ? [...arms] : [...arms].reverse()));
}
