import type { Command } from 'commander';
import { wholeNumber } from '../command-options.js';
import { judge, type Goal } from '../compare/verdict.js';
import { runConnections } from '../connections/run.js';
import { concludeMeasure, say } from '../report/conclude.js';

type Given = Readonly<Record<'connections' | 'hold' | 'groupSize' | 'step', number>>;

const GOAL: Goal = {
  measure: 12,
  what: 'connections held on heartbeats, each having heard a verified message',
  ...{ unit: '', better: 'higher', floor: 200_000, aim: 1_000_000 },
};

export function addConnections(program: Command): void {
  program
    .command('connections')
    .description('measure 12: connections held, each getting a verified message before and after a rest on heartbeats')
    .option('--connections <n>', 'connections', wholeNumber, 200_000)
    .option('--hold <n>', 'seconds of rest: more than the 55 after which a silent connection is closed', wholeNumber, 70)
    .option('--group-size <n>', 'people of a channel', wholeNumber, 100)
    .option('--step <n>', 'connections between two lines of progress', wholeNumber, 19_000)
    .action(async ({ connections, hold: holdSeconds, groupSize, step }: Given) => {
      const report = await runConnections({ connections, holdSeconds, groupSize, step }, say);
      const { held, servers, connectSeconds, serverBytesPerConnection, kernelBytesPerConnection } = report;
      say(
        `${held} held by ${servers} servers, connected in ${connectSeconds.toFixed(0)} s; ${(serverBytesPerConnection / 1024).toFixed(2)} KB each resident, kernel ${(kernelBytesPerConnection / 1024).toFixed(2)} KB`,
      );
      concludeMeasure('connections', { ...report, verdicts: [judge(GOAL, held)] });
    });
}
