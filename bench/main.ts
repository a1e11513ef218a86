import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { printRouting } from './routing/print.js';
import { runRouting } from './routing/run.js';

const program = new Command('bench').description('Measures Warren on this machine; see docs/performance.md');

program
  .command('routing')
  .description('1:1 messages across servers, durable: delivered/s, CPU per message, latency')
  .option('--pairs <n>', 'pairs of users', wholeNumber, 200)
  .option('--in-flight <n>', 'messages under way per pair', wholeNumber, 20)
  .option('--seconds <n>', 'measured time', wholeNumber, 10)
  .option('--warm-up <n>', 'seconds before', wholeNumber, 5)
  .option('--nodes <n>', 'chat servers', wholeNumber, 2)
  .option('--chars <n>', 'characters of a message', wholeNumber, 100)
  .option('--json <file>', 'write the report there as well')
  .action(async (given: Readonly<Record<'pairs' | 'inFlight' | 'seconds' | 'warmUp' | 'nodes' | 'chars', number>> & { json?: string }) => {
    const { pairs, inFlight, seconds, warmUp: warmUpSeconds, nodes, chars: contentChars } = given;
    const report = await runRouting({ pairs, inFlight, seconds, warmUpSeconds, nodes, contentChars });
    process.stdout.write(`${printRouting(report)}\n`);
    if (given.json !== undefined) writeJson(given.json, report);
    if (report.wrong > 0) process.exitCode = 1;
  });

await program.parseAsync();

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('must be a whole number from 1');
  return Number(text);
}

function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
