import { appendFileSync } from 'node:fs';
import { Runner, reporters, type MochaOptions } from 'mocha';

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Runner.constants;

/** What one mocha run came to; `test/support/runner/main.ts` sums the runs of all kinds from WARREN_TEST_TOTALS, one JSON line each. */
export interface RunTotals {
  readonly passed: number;
  /** What failed and why, a text of some lines each. */
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

const STACK_LINES = 12;

/** mocha's spec reporter, followed by what was skipped and what failed, with the reasons, and `N passed, N failed, N skipped`. */
export default class ClosingLineReporter extends reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    let passed = 0;
    const failed: string[] = [];
    const skipped: string[] = [];
    runner.on(EVENT_TEST_PASS, () => (passed += 1));
    runner.on(EVENT_TEST_FAIL, (test, error: unknown) => failed.push(`${test.fullTitle()}\n${describeFailure(error)}`));
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

/** What was skipped and, once more, what failed, for whoever has the end of a long log only; then the line that CI counts. */
export function closingLines({ passed, failed, skipped }: RunTotals): string {
  const reasons = [...skipped.map((title) => `  skipped: ${describeSkip(title)}\n`), ...failed.map((text) => `  failed: ${text}\n`)];
  return `${reasons.join('')}${passed} passed, ${failed.length} failed, ${skipped.length} skipped\n`;
}

/** From a process beside this one (`--parallel`), an error comes as a plain object. */
function describeFailure(error: unknown): string {
  const { stack, message } = (error ?? {}) as Partial<Error>;
  return (stack ?? message ?? String(error))
    .split('\n')
    .slice(0, STACK_LINES)
    .map((line) => `    ${line}`)
    .join('\n');
}

/** `suite test [skipped: reason]` → `suite test: reason`. */
function describeSkip(title: string): string {
  const match = /^(.*?) \[skipped: (.*)\]/.exec(title);
  return match === null ? `${title}: no reason given` : `${match[1] ?? ''}: ${match[2] ?? ''}`;
}

export function sumTotals(runs: readonly RunTotals[]): RunTotals {
  return {
    passed: runs.reduce((sum, run) => sum + run.passed, 0),
    failed: runs.flatMap((run) => run.failed),
    skipped: runs.flatMap((run) => run.skipped),
  };
}
