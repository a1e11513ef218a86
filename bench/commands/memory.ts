import type { Command } from 'commander';
import { SOCKET_IO_ARM } from '../arms/catalog.js';
import { WARREN_ARM } from '../arms/warren-arm.js';
import { wholeNumber, wholeNumbers } from '../command-options.js';
import { judge, type Verdict } from '../compare/verdict.js';
import { runMemory, type MemoryReport } from '../memory/run.js';
import { concludeMeasure, say } from '../report/conclude.js';

interface Given {
  readonly steps: readonly number[];
  readonly repeats: number;
  readonly settle: number;
}

export function addMemory(program: Command): void {
  program
    .command('memory')
    .description('measure 7: resident memory per authenticated connection after traffic, against Socket.IO')
    .option('--steps <n,…>', 'connections at which memory is read', wholeNumbers, [5_000, 10_000, 15_000, 19_000])
    .option('--repeats <n>', 'runs of every arm', wholeNumber, 3)
    .option('--settle <n>', 'seconds of rest before reading', wholeNumber, 5)
    .action(async ({ steps, repeats, settle: settleSeconds }: Given) => {
      const report = await runMemory([WARREN_ARM, SOCKET_IO_ARM], { steps, repeats, settleSeconds }, say);
      for (const { arm, perConnection, kernelPerConnection } of report.arms)
        say(
          `${arm}: ${kilobytes(perConnection.median)} KB per connection (${kilobytes(perConnection.min)} to ${kilobytes(perConnection.max)}), kernel ${kilobytes(kernelPerConnection.median)} KB besides`,
        );
      concludeMeasure('memory', { ...report, verdicts: judgeMemory(report) });
    });
}

function judgeMemory({ arms: [ours, theirs] }: MemoryReport): readonly Verdict[] {
  if (ours === undefined || theirs === undefined) return [];
  const own = ours.perConnection.median;
  const goal = { measure: 7, better: 'lower' } as const;
  return [
    judge({ ...goal, what: 'resident memory per connection', unit: ' KB', floor: 8, aim: 4.5 }, own / 1024),
    judge({ ...goal, what: 'the same against Socket.IO', unit: '×', floor: 0.6, aim: 0.6 }, own / theirs.perConnection.median),
    judge(
      { ...goal, what: 'the same with the kernel’s share', unit: ' KB', floor: 9, aim: 9 },
      (own + ours.kernelPerConnection.median) / 1024,
    ),
  ];
}

function kilobytes(bytes: number): string {
  return (bytes / 1024).toFixed(2);
}
