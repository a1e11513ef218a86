import { appendFileSync } from 'node:fs';
import { Runner, reporters, type MochaOptions } from 'mocha';

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Runner.constants;

/** What one mocha run came to; `scripts/test.ts` sums the runs of all kinds from WARREN_TEST_TOTALS, one JSON line each. */
export interface RunTotals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}

/** mocha's spec reporter, followed by the skipped tests with their reasons and `N passed, N failed, N skipped`. */
export default class ClosingLineReporter extends reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    let passed = 0;
    let failed = 0;
    const skipped: string[] = [];
    runner.on(EVENT_TEST_PASS, () => (passed += 1));
    runner.on(EVENT_TEST_FAIL, () => (failed += 1));
    runner.on(EVENT_TEST_PENDING, (test) => skipped.push(test.fullTitle()));
    // mocha's own epilogue listens for the same event and was registered first.
    runner.on(EVENT_RUN_END, () => report({ passed, failed, skipped }));
  }
}

function report(totals: RunTotals): void {
  const file = process.env['WARREN_TEST_TOTALS'];
  if (file === undefined) process.stdout.write(closingLines(totals));
  else appendFileSync(file, `${JSON.stringify(totals)}\n`);
}

/** The skipped tests, then the line that CI counts. */
export function closingLines(totals: RunTotals): string {
  const skipped = totals.skipped.map((title) => `  skipped: ${describeSkip(title)}\n`);
  return `${skipped.join('')}${totals.passed} passed, ${totals.failed} failed, ${totals.skipped.length} skipped\n`;
}

/** `suite test [skipped: reason]` → `suite test: reason`. */
function describeSkip(title: string): string {
  const match = /^(.*?) \[skipped: (.*)\]/.exec(title);
  return match === null ? `${title}: no reason given` : `${match[1] ?? ''}: ${match[2] ?? ''}`;
}

export function sumTotals(runs: readonly RunTotals[]): RunTotals {
  return {
    passed: runs.reduce((sum, run) => sum + run.passed, 0),
    failed: runs.reduce((sum, run) => sum + run.failed, 0),
    skipped: runs.flatMap((run) => run.skipped),
  };
}
