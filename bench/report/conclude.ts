import { printVerdict, type Verdict } from '../compare/verdict.js';
import { writePage } from './page.js';
import { saveResult } from './save.js';

/** What every measure's result has; the rest is its own. */
export interface MeasureResult {
  readonly verdicts: readonly Verdict[];
}

/** Prints what was reached, and writes the result down. Falling short is said, and is no failure of the run. */
export function concludeMeasure(name: string, result: MeasureResult & Readonly<Record<string, unknown>>): void {
  for (const verdict of result.verdicts) say(printVerdict(verdict));
  say(`  ${saveResult(name, result)}, ${writePage()}`);
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
