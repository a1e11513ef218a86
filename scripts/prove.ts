import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOnSignals } from './cluster/end-on-signals.js';
import { checkoutRoot, warrenFolder } from './cluster/options.js';
import { parseProveOptions, USAGE } from './prove/options.js';
import { prove } from './prove/prove-run.js';
import { renderHtml } from './prove/report/html.js';
import { renderText } from './prove/report/text.js';

/** `npm run prove`: loads a cluster of its own, breaks it, and tells whether the promises held. */
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const options = parseProveOptions(process.argv.slice(2));
  if (options === undefined) {
    say(USAGE);
    return 0;
  }
  const folder = join(warrenFolder(checkoutRoot()), 'prove');
  const folders = { cluster: join(folder, 'cluster'), histories: join(folder, String(options.seed)) };
  say(`Seed ${options.seed}, ${options.minutes} min, ${options.faults.length} kinds of faults; histories in ${folders.histories}`);
  const startedAt = new Date().toISOString();
  const { verdict, versions } = await prove(options, folders, { report: say, onArena: endOnSignals });
  const run = { seed: options.seed, command: ['npm run prove --', ...process.argv.slice(2)].join(' '), startedAt, versions };
  if (options.jsonPath !== undefined) writeFileSync(options.jsonPath, `${JSON.stringify({ ...run, ...verdict }, undefined, 2)}\n`);
  if (options.reportPath !== undefined) writeFileSync(options.reportPath, renderHtml(verdict, run));
  say(`\n${renderText(verdict)}`);
  return verdict.ok ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 2;
}
