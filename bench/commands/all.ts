import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { writePage } from '../report/page.js';
import { say } from '../report/conclude.js';

/** In the order of the table in docs/performance.md; each with its own defaults, and in a process of its own. */
const MEASURES = [
  'compare',
  'latency',
  'nodes',
  'amqp',
  'group',
  'memory',
  'connect',
  'idle',
  'design-load',
  'growth',
  'connections',
] as const;

export function addAll(program: Command): void {
  program
    .command('all')
    .description(`every measure with its defaults, about two hours: ${MEASURES.join(', ')}`)
    .action(async () => {
      for (const measure of MEASURES) {
        say(`\n— ${measure} —`);
        const code = await runSelf(measure);
        if (code !== 0) {
          say(`${measure} ended with ${code ?? 'a signal'}`);
          process.exitCode = 1;
        }
      }
      say(writePage());
    });
}

function runSelf(measure: string): Promise<number | null> {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main, measure], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
}
