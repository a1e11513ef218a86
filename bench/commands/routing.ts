import type { Command } from 'commander';
import { wholeNumber, writeJson } from '../command-options.js';
import { printRouting } from '../routing/print.js';
import { runRouting } from '../routing/run.js';

type Given = Readonly<Record<'pairs' | 'inFlight' | 'seconds' | 'warmUp' | 'nodes' | 'chars', number>> & { readonly json?: string };

export function addRouting(program: Command): void {
  program
    .command('routing')
    .description('Warren alone: 1:1 messages across servers, durable: delivered/s, CPU per message, latency')
    .option('--pairs <n>', 'pairs of users', wholeNumber, 200)
    .option('--in-flight <n>', 'messages under way per pair', wholeNumber, 20)
    .option('--seconds <n>', 'measured time', wholeNumber, 10)
    .option('--warm-up <n>', 'seconds before', wholeNumber, 5)
    .option('--nodes <n>', 'chat servers', wholeNumber, 2)
    .option('--chars <n>', 'characters of a message', wholeNumber, 100)
    .option('--json <file>', 'write the report there as well')
    .action(async ({ pairs, inFlight, seconds, warmUp: warmUpSeconds, nodes, chars: contentChars, json }: Given) => {
      const report = await runRouting({ pairs, inFlight, seconds, warmUpSeconds, nodes, contentChars });
      process.stdout.write(`${printRouting(report)}\n`);
      if (json !== undefined) writeJson(json, report);
      if (report.wrong > 0) process.exitCode = 1;
    });
}
