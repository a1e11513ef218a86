import type { Command } from 'commander';
import { wholeNumber, wholeNumbers } from '../command-options.js';
import { judgeLatency } from '../latency/goals.js';
import { KNEE_P99_MS } from '../latency/knee.js';
import { runLatency } from '../latency/run.js';
import { concludeMeasure, say } from '../report/conclude.js';

type Given = Readonly<Record<'pairs' | 'seconds' | 'warmUp' | 'chars' | 'repeats', number>> & { readonly rates: readonly number[] };

const RATES = [1000, 2000, 4000, 6000, 8000, 10_000, 12_000, 14_000, 17_000, 20_000, 24_000, 28_000, 34_000, 40_000];

export function addLatency(program: Command): void {
  program
    .command('latency')
    .description('measure 3: open-loop sweep to the knee, p99 at half of Socket.IO’s knee, p50 with 4 messages under way')
    .option(
      '--rates <n,…>',
      `messages/s of the sweep, which ends when p99 is over ${KNEE_P99_MS} ms twice, or less is delivered than is due`,
      wholeNumbers,
      RATES,
    )
    .option('--repeats <n>', 'runs of every arm after the sweep', wholeNumber, 5)
    .option('--pairs <n>', 'pairs of users, ends on different servers', wholeNumber, 200)
    .option('--seconds <n>', 'measured time of a run', wholeNumber, 5)
    .option('--warm-up <n>', 'seconds before', wholeNumber, 3)
    .option('--chars <n>', 'characters of a message', wholeNumber, 100)
    .action(async ({ warmUp: warmUpSeconds, chars: contentChars, ...rest }: Given) => {
      const report = await runLatency({ arms: ['warren', 'socketio-redis'], ...rest, warmUpSeconds, contentChars }, say);
      for (const { arm, knee } of report.arms) say(`${arm}: knee ${knee === undefined ? 'below the lowest rate' : `at ${knee}/s`}`);
      concludeMeasure('latency', { ...report, verdicts: judgeLatency(report) });
    });
}
