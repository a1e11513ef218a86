import type { Command } from 'commander';
import { wholeNumber } from '../command-options.js';
import { judge, type Verdict } from '../compare/verdict.js';
import { runGrowth, type GrowthReport } from '../growth/run.js';
import { concludeMeasure, say } from '../report/conclude.js';

type Given = Readonly<
  Record<'few' | 'many' | 'pairs' | 'inFlight' | 'repeats' | 'seconds' | 'warmUp' | 'shortHistory' | 'longHistory' | 'pages', number>
>;

export function addGrowth(program: Command): void {
  program
    .command('growth')
    .description('measure 11: the same traffic with many channels and users, and pages of a long history')
    .option('--few <n>', 'channels, and as many users', wholeNumber, 1_000)
    .option('--many <n>', 'channels, and as many users', wholeNumber, 100_000)
    .option('--pairs <n>', 'connected pairs, which go round all channels', wholeNumber, 500)
    .option('--in-flight <n>', 'messages under way per pair', wholeNumber, 8)
    .option('--repeats <n>', 'runs of each', wholeNumber, 3)
    .option('--seconds <n>', 'measured time of a run', wholeNumber, 8)
    .option('--warm-up <n>', 'seconds before: every channel has been used by then', wholeNumber, 20)
    .option('--short-history <n>', 'messages of the short conversation', wholeNumber, 1_000)
    .option('--long-history <n>', 'messages of the long conversation', wholeNumber, 1_000_000)
    .option('--pages <n>', 'pages of each', wholeNumber, 300)
    .action(async ({ warmUp: warmUpSeconds, shortHistory, longHistory, pages, ...rest }: Given) => {
      const report = await runGrowth({ ...rest, warmUpSeconds, history: { few: shortHistory, many: longHistory, pages } }, say);
      const { fewMs, manyMs } = report.history;
      say(
        `history: a page takes ${fewMs.median.toFixed(2)} ms of ${shortHistory} messages, ${manyMs.median.toFixed(2)} ms of ${longHistory}`,
      );
      concludeMeasure('growth', { ...report, verdicts: judgeGrowth(report) });
    });
}

function judgeGrowth({ fewMicros, manyMicros, history }: GrowthReport): readonly Verdict[] {
  const goal = { measure: 11, unit: '×', better: 'lower', aim: 1.05 } as const;
  const page = { ...goal, what: 'a page of the long history over the short one, p50', floor: 1.5 };
  return [
    ...(fewMicros === undefined || manyMicros === undefined
      ? []
      : [
          judge(
            { ...goal, what: 'CPU per message with the many channels and users over the few', floor: 1.15 },
            manyMicros.median / fewMicros.median,
          ),
        ]),
    judge(page, history.manyMs.median / history.fewMs.median),
  ];
}
