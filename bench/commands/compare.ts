import type { Command } from 'commander';
import { ARMS, findArm } from '../arms/catalog.js';
import type { ArmName } from '../arms/arm.js';
import { wholeNumber, wholeNumbers } from '../command-options.js';
import { judgeComparison } from '../compare/goals.js';
import { printSample, printSummary, summarise } from '../compare/print.js';
import { runCompare } from '../compare/run.js';
import { printVerdict } from '../compare/verdict.js';
import { saveResult } from '../report/save.js';

type Numbers = Readonly<Record<'pairs' | 'seconds' | 'warmUp' | 'nodes' | 'chars' | 'repeats', number>>;
type Given = Numbers & { readonly arms: readonly ArmName[]; readonly inFlight: readonly number[] };

const RIVALS: readonly ArmName[] = ['warren', 'socketio-redis'];

export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('measures 1 and 2: the same messages through Warren and what people would take instead, in turn')
    .option('--arms <names>', `comma-separated, or all: ${ARMS.map(({ name }) => name).join(', ')}`, armNames, RIVALS)
    .option('--in-flight <n,…>', 'messages under way per pair', wholeNumbers, [20, 1])
    .option('--repeats <n>', 'runs of every arm', wholeNumber, 5)
    .option('--pairs <n>', 'pairs of users, ends on different servers', wholeNumber, 200)
    .option('--seconds <n>', 'measured time of a run', wholeNumber, 5)
    .option('--warm-up <n>', 'seconds before', wholeNumber, 4)
    .option('--nodes <n>', 'servers', wholeNumber, 2)
    .option('--chars <n>', 'characters of a message', wholeNumber, 100)
    .action(async ({ warmUp: warmUpSeconds, chars: contentChars, ...rest }: Given) => {
      const report = await runCompare({ ...rest, warmUpSeconds, contentChars }, (sample) => say(printSample(sample)));
      const summaries = summarise(report);
      const verdicts = judgeComparison(summaries);
      say(printSummary(report));
      for (const verdict of verdicts) say(printVerdict(verdict));
      say(`  ${saveResult('compare', { ...report, summaries, verdicts })}`);
    });
}

function armNames(text: string): readonly ArmName[] {
  return text === 'all' ? ARMS.map(({ name }) => name) : text.split(',').map((name) => findArm(name).name);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
