import type { Command } from 'commander';
import { wholeNumber } from '../command-options.js';
import { judge, type Verdict } from '../compare/verdict.js';
import { runGroup, type GroupOptions, type GroupReport } from '../group/run.js';
import { concludeMeasure, say } from '../report/conclude.js';

export function addGroup(program: Command): void {
  program
    .command('group')
    .description('measure 6: AMQP messages that one message to a group over all servers takes')
    .option('--members <n>', 'of the group', wholeNumber, 100)
    .option('--nodes <n>', 'chat servers', wholeNumber, 4)
    .option('--messages <n>', 'of each reading', wholeNumber, 500)
    .action(async (options: GroupOptions) => {
      const report = await runGroup(options, say);
      concludeMeasure('group', { ...report, verdicts: judgeGroup(report) });
    });
}

/** Alone, a message takes one AMQP message to be stored and one to each other server; under load, batches make it fewer. */
function judgeGroup({ oneAtATime, hundredUnderWay, options: { nodes } }: GroupReport): readonly Verdict[] {
  const goal = { measure: 6, unit: '', better: 'lower', floor: nodes + 1 } as const;
  return [
    judge({ ...goal, what: `AMQP messages per group message over ${nodes} servers, one at a time`, aim: nodes + 1 }, oneAtATime),
    judge({ ...goal, what: 'the same with a hundred under way', aim: nodes }, hundredUnderWay),
  ];
}
