/** Indexes 0 to `count` in consecutive groups of `size`; a rest that fills no group is left out. */
export function groupIndexes(count: number, size: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.floor(count / size) }, (_, group) => Array.from({ length: size }, (_unused, n) => group * size + n));
}
