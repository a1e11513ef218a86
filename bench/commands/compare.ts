import type { Command } from 'commander';
import { findArm } from '../arms/catalog.js';
import { ARM_NAMES, type ArmName } from '../arms/arm.js';
import { wholeNumber, wholeNumbers } from '../command-options.js';
import { AMQP_GOALS, judgeComparison, ROUTING_GOALS, type RatioGoal } from '../compare/goals.js';
import { printSample, printSummary, summarise } from '../compare/print.js';
import { runCompare } from '../compare/run.js';
import { concludeMeasure, say } from '../report/conclude.js';

type Numbers = Readonly<Record<'pairs' | 'seconds' | 'warmUp' | 'nodes' | 'chars' | 'repeats', number>>;
type Given = Numbers & { readonly arms: readonly ArmName[]; readonly inFlight: readonly number[] };

interface Comparison {
  readonly name: string;
  readonly description: string;
  readonly arms: readonly ArmName[];
  readonly inFlight: readonly number[];
  readonly goals: readonly RatioGoal[];
}

export function addCompare(program: Command): void {
  addComparison(program, {
    name: 'compare',
    description: 'measures 1 and 2: the same messages through Warren and what people would take instead, in turn',
    arms: ['warren', 'socketio-redis'],
    inFlight: [20, 1],
    goals: ROUTING_GOALS,
  });
  addComparison(program, {
    name: 'amqp',
    description: 'measure 5: the AMQP leg, confirmed and durable, against raw amqplib',
    arms: ['warren-amqp', 'raw-amqp'],
    inFlight: [20],
    goals: AMQP_GOALS,
  });
}

function addComparison(program: Command, { name, description, arms, inFlight, goals }: Comparison): void {
  program
    .command(name)
    .description(description)
    .option('--arms <names>', `comma-separated, or all: ${ARM_NAMES.join(', ')}`, armNames, arms)
    .option('--in-flight <n,…>', 'messages under way per pair', wholeNumbers, inFlight)
    .option('--repeats <n>', 'runs of every arm', wholeNumber, 5)
    .option('--pairs <n>', 'pairs of users, ends on different servers', wholeNumber, 200)
    .option('--seconds <n>', 'measured time of a run', wholeNumber, 5)
    .option('--warm-up <n>', 'seconds before', wholeNumber, 4)
    .option('--nodes <n>', 'servers', wholeNumber, 2)
    .option('--chars <n>', 'characters of a message', wholeNumber, 100)
    .action(async ({ warmUp: warmUpSeconds, chars: contentChars, ...rest }: Given) => {
      const report = await runCompare({ ...rest, warmUpSeconds, contentChars }, (sample) => say(printSample(sample)));
      const summaries = summarise(report);
      say(printSummary(report));
      concludeMeasure(name, { ...report, summaries, verdicts: judgeComparison(goals, summaries) });
    });
}

function armNames(text: string): readonly ArmName[] {
  return text === 'all' ? ARM_NAMES : text.split(',').map((name) => findArm(name).name);
}
