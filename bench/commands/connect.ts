import type { Command } from 'commander';
import { PLAIN_WS_ARM, SOCKET_IO_ARM } from '../arms/catalog.js';
import { WARREN_ARM } from '../arms/warren-arm.js';
import { wholeNumber } from '../command-options.js';
import { judge, type Verdict } from '../compare/verdict.js';
import { runConnect, type ConnectOptions, type ConnectReport, type ConnectRun } from '../connect/run.js';
import { concludeMeasure, say } from '../report/conclude.js';
import { printParts } from '../report/cpu-parts.js';

export function addConnect(program: Command): void {
  program
    .command('connect')
    .description('measure 8: people let in per second, against plain ws (which asks nobody who they are)')
    .option('--nodes <n>', 'servers of Warren and of Socket.IO; plain ws is one process', wholeNumber, 1)
    .option('--connections <n>', 'people of a round; all of them leave before the next', wholeNumber, 6_000)
    .option('--warm-up-rounds <n>', 'rounds before, so that code is compiled and processes have their memory', wholeNumber, 5)
    .option('--rounds <n>', 'rounds that count', wholeNumber, 5)
    .option('--holders <n>', 'processes that connect', wholeNumber, 2)
    .option('--at-once <n>', 'handshakes under way in each', wholeNumber, 50)
    .option('--repeats <n>', 'runs of every arm', wholeNumber, 5)
    .action(async (options: ConnectOptions) => {
      const report = await runConnect([WARREN_ARM, PLAIN_WS_ARM, SOCKET_IO_ARM], options, (run) => say(printRun(run)));
      for (const { arm, perSecond, systemMicros } of report.arms)
        say(
          `${arm}: ${Math.round(perSecond.median)}/s (${Math.round(perSecond.min)} to ${Math.round(perSecond.max)}), ${systemMicros.median.toFixed(0)} µs each`,
        );
      concludeMeasure('connect', { ...report, verdicts: judgeConnect(report) });
    });
}

function printRun(run: ConnectRun): string {
  const { arm, perSecond, systemMicros, cpuMicros, loadMicros, loadBusy, neighbours } = run;
  const reason = run.void === undefined ? '' : `\n    VOID: ${run.void}`;
  return `${arm.padEnd(17)} ${Math.round(perSecond)}/s  ${systemMicros.toFixed(0)} µs each (${printParts(cpuMicros)}), those who connect ${loadMicros.toFixed(0)} µs, ${Math.round(loadBusy * 100)} % busy  others ${Math.round(neighbours * 100)} %${reason}`;
}

function judgeConnect({ arms }: ConnectReport): readonly Verdict[] {
  const [ours, theirs] = ['warren', 'plain-ws'].map((name) => arms.find(({ arm }) => arm === name));
  if (ours === undefined || theirs === undefined) return [];
  const goal = { measure: 8, what: 'people let in per second, against plain ws', unit: '×', better: 'higher', floor: 0.7, aim: 1 } as const;
  return [judge(goal, ours.perSecond.median / theirs.perSecond.median)];
}
