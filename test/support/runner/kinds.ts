/** Which test files run, how, and what they need beforehand. */
export interface MochaRun {
  readonly title: string;
  readonly files: readonly string[];
  /** Several files at once, each in a process of its own. */
  readonly mode: 'parallel' | 'serial';
  readonly limitMs: number;
  /** Waits more than it works: in the whole suite, lint, types and format run beside it. */
  readonly idle?: boolean;
}

export interface TestPlan {
  readonly runs: readonly MochaRun[];
  /** The whole suite: with lint, types and format. */
  readonly complete: boolean;
  readonly needs: ReadonlySet<'products' | 'cluster' | 'breakage' | 'browser'>;
  /** Passed on to mocha, such as `--grep`. */
  readonly mochaArguments: readonly string[];
}

const MINUTE_MS = 60_000;
const KINDS: readonly MochaRun[] = [
  { title: 'unit', files: ['test/unit/**/*.test.ts'], mode: 'parallel', limitMs: 3 * MINUTE_MS },
  {
    title: 'contract, protocol, architecture',
    files: ['test/contract/**/*.test.ts', 'test/protocol/**/*.test.ts', 'test/architecture/**/*.test.ts'],
    mode: 'parallel',
    limitMs: 4 * MINUTE_MS,
  },
  { title: 'integration', files: ['test/integration/**/*.test.ts'], mode: 'parallel', limitMs: 6 * MINUTE_MS },
  // Breaks a cluster of its own, in every way once.
  { title: 'prove', files: ['test/prove/**/*.test.ts'], mode: 'serial', limitMs: 7 * MINUTE_MS, idle: true },
  { title: 'bench', files: ['test/bench/**/*.test.ts'], mode: 'serial', limitMs: 4 * MINUTE_MS },
  { title: 'e2e', files: ['test/e2e/**/*.test.ts'], mode: 'serial', limitMs: 4 * MINUTE_MS },
];

/** `npm test` runs all kinds; `npm test -- test/unit/foo` the files below a path or matching a pattern, `--…` goes to mocha. */
export function planTests(args: readonly string[]): TestPlan {
  const firstOption = args.findIndex((arg) => arg.startsWith('-'));
  const paths = firstOption === -1 ? args : args.slice(0, firstOption);
  const mochaArguments = firstOption === -1 ? [] : args.slice(firstOption);
  if (paths.length === 0) {
    return { runs: KINDS, complete: args.length === 0, needs: new Set(['products', 'cluster', 'breakage', 'browser']), mochaArguments };
  }
  const files = paths.map(asPattern);
  const run: MochaRun = { title: paths.join(' '), files, mode: 'serial', limitMs: 9 * MINUTE_MS };
  return { runs: [run], complete: false, needs: needsOf(paths), mochaArguments };
}

function asPattern(path: string): string {
  return /\.ts$|\*/.test(path) ? path : `${path.replace(/\/$/, '')}/**/*.test.ts`;
}

function needsOf(paths: readonly string[]): TestPlan['needs'] {
  const touches = (kind: string): boolean => paths.some((path) => `${path}/`.includes(`test/${kind}/`) || /^test\/?$/.test(path));
  return new Set([
    ...(touches('contract') || touches('protocol') || touches('integration') || touches('prove') || touches('bench') || touches('e2e')
      ? (['products'] as const)
      : []),
    ...(touches('integration') || touches('prove') || touches('bench') || touches('e2e') ? (['cluster'] as const) : []),
    ...(touches('prove') ? (['breakage'] as const) : []),
    ...(touches('e2e') ? (['browser'] as const) : []),
  ]);
}
