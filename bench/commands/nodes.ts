import type { Command } from 'commander';
import { wholeNumber } from '../command-options.js';
import { judge, type Goal } from '../compare/verdict.js';
import { runNodes } from '../nodes/run.js';
import { concludeMeasure, say } from '../report/conclude.js';

type Given = Readonly<Record<'few' | 'many' | 'pairs' | 'inFlight' | 'seconds' | 'warmUp' | 'chars' | 'repeats', number>>;

const GOAL: Goal = {
  measure: 4,
  what: 'CPU per message at the many servers over the few',
  unit: '×',
  better: 'lower',
  floor: 1.1,
  aim: 1.05,
};

/** V8 compiles what runs often, and one of eight servers runs it a quarter as often as one of two: after 5 s some of it is not compiled yet. */
const WARM_UP_S = 40;

export function addNodes(program: Command): void {
  program
    .command('nodes')
    .description('measure 4: the same messages through 2 servers and through 8')
    .option('--few <n>', 'servers', wholeNumber, 2)
    .option('--many <n>', 'servers', wholeNumber, 8)
    .option('--repeats <n>', 'runs of each', wholeNumber, 5)
    .option('--pairs <n>', 'pairs of users, ends on different servers', wholeNumber, 200)
    .option('--in-flight <n>', 'messages under way per pair', wholeNumber, 20)
    .option('--seconds <n>', 'measured time of a run', wholeNumber, 5)
    .option('--warm-up <n>', 'seconds before', wholeNumber, WARM_UP_S)
    .option('--chars <n>', 'characters of a message', wholeNumber, 100)
    .action(async ({ warmUp: warmUpSeconds, chars: contentChars, ...rest }: Given) => {
      const report = await runNodes({ ...rest, warmUpSeconds, contentChars }, say);
      const verdicts = report.ratio === undefined ? [] : [judge(GOAL, report.ratio)];
      concludeMeasure('nodes', { ...report, verdicts });
    });
}
