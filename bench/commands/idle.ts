import type { Command } from 'commander';
import { wholeNumber } from '../command-options.js';
import { judge, type Goal } from '../compare/verdict.js';
import { runIdle, type IdleOptions } from '../idle/run.js';
import { concludeMeasure, say } from '../report/conclude.js';

/** Zero, to within what the cluster's own commands vary by: less than one command per user in a quarter of an hour. */
const GOAL: Goal = { measure: 9, what: 'Redis commands per second and idle user', unit: '', better: 'lower', floor: 0.001, aim: 0.001 };

export function addIdle(program: Command): void {
  program
    .command('idle')
    .description('measure 9: what connected people who do nothing cost Redis')
    .option('--users <n>', 'connected people', wholeNumber, 4_000)
    .option('--seconds <n>', 'of each reading', wholeNumber, 60)
    .option('--nodes <n>', 'chat servers', wholeNumber, 2)
    .action(async (options: IdleOptions) => {
      const report = await runIdle(options, say);
      concludeMeasure('idle', { ...report, verdicts: [judge(GOAL, report.perUserAndSecond)] });
    });
}
