import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOnSignals } from '../../../scripts/cluster/end-on-signals.js';
import { installPackages, missingPackages, type Need } from '../../../scripts/services/packages.js';
import { closingLines, sumTotals, type RunTotals } from '../reporter.js';
import { endCommands, runCommand, type CommandResult } from './command.js';
import { planTests, type MochaRun, type TestPlan } from './kinds.js';
import { TestProducts, type ProductEnvironment } from './products.js';
import { openWorkspace, removeWorkspace, temporaryFolder } from './workspace.js';

// The program behind `npm test` (scripts/test.sh): installs what is missing, starts private products, checks, builds, runs
// every kind of test, stops what it started, and ends with one line: `N passed, N failed, N skipped`.

const MOCHA = join('node_modules', 'mocha', 'bin', 'mocha.js');
const STEP = { limitMs: 300_000, output: 'collect' } as const;
const BUILD = 'set -euo pipefail; . scripts/setup.sh; ensure_build';

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A failure outside mocha counts as one failed test, or the closing line would hide it. */
function failed(what: string): RunTotals {
  say(`FAILED: ${what}`);
  return { passed: 0, failed: [what], skipped: [] };
}

async function install(plan: TestPlan, folder: string): Promise<void> {
  const needs: readonly Need[] = [
    ...(plan.needs.has('products') ? (['rabbitmq', 'redis', 'mariadb'] as const) : []),
    ...(plan.needs.has('cluster') ? (['nginx'] as const) : []),
    ...(plan.needs.has('breakage') ? (['faketime'] as const) : []),
    ...(plan.needs.has('browser') ? (['chromium', 'cjkFonts'] as const) : []),
  ];
  const packages = missingPackages(needs);
  if (packages.length === 0) return;
  say(`installing ${packages.join(', ')}`);
  // What cannot be had makes its tests pending, with the reason; it does not end the run.
  await installPackages(packages, { root: process.cwd(), log: join(folder, 'logs', 'install.log') }).catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
  });
}

async function runStep(title: string, work: Promise<CommandResult>): Promise<readonly RunTotals[]> {
  const result = await work;
  if (result.code === 0) {
    say(`${title}: fine (${result.seconds.toFixed(0)} s)`);
    return [];
  }
  say(result.output);
  return [failed(title)];
}

/** The build, beside the start of the products. */
async function prepare(plan: TestPlan, products: TestProducts): Promise<{ environment: ProductEnvironment; totals: readonly RunTotals[] }> {
  const starting = plan.needs.has('products') ? products.start() : Promise.resolve({});
  const building = plan.needs.has('browser') ? runStep('build', runCommand('bash', ['-c', BUILD], STEP)) : [];
  const [environment, totals] = await Promise.all([starting, building]);
  return { environment, totals };
}

interface RunParts {
  readonly plan: TestPlan;
  readonly environment: ProductEnvironment;
  readonly folder: string;
}

/** One kind of test; with lint, types and format beside it where it leaves time for them. */
async function runKind(run: MochaRun, parts: RunParts): Promise<readonly RunTotals[]> {
  const isBeside = parts.plan.complete && run.idle === true;
  const checking = isBeside ? runStep('npm run check', runCommand('npm', ['run', 'check', '--silent'], STEP)) : [];
  const [totals, checked] = await Promise.all([runMocha(run, parts), checking]);
  return [totals, ...checked];
}

async function runMocha(run: MochaRun, parts: RunParts): Promise<RunTotals> {
  const files = run.files.filter(hasTests);
  if (files.length === 0) return { passed: 0, failed: [], skipped: [] };
  say(`\n— ${run.title} —`);
  const mode = run.mode === 'parallel' ? ['--parallel', '--jobs', '2'] : [];
  const totalsPath = join(parts.folder, 'totals.jsonl');
  const env = { ...process.env, ...parts.environment, TMPDIR: temporaryFolder(parts.folder), WARREN_TEST_TOTALS: totalsPath };
  const before = readTotals(totalsPath).length;
  const result = await runCommand(process.execPath, [MOCHA, ...mode, ...files, ...parts.plan.mochaArguments], {
    env,
    limitMs: run.limitMs,
    output: 'inherit',
  });
  const totals = sumTotals(readTotals(totalsPath).slice(before));
  say(`${run.title}: ${result.seconds.toFixed(0)} s`);
  if (result.code === undefined) return sumTotals([totals, failed(`${run.title} took longer than ${run.limitMs / 60_000} minutes`)]);
  if (result.code !== 0 && totals.failed.length === 0) return sumTotals([totals, failed(`${run.title}: mocha ended with ${result.code}`)]);
  return totals;
}

/** The pattern's folder holds a test; patterns of the caller's own are mocha's to judge. */
function hasTests(pattern: string): boolean {
  const [folder, rest] = pattern.split('/**');
  if (folder === undefined || rest === undefined) return true;
  return existsSync(folder) && readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.test.ts'));
}

function readTotals(path: string): readonly RunTotals[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as RunTotals);
}

async function main(): Promise<number> {
  const begin = performance.now();
  const plan = planTests(process.argv.slice(2));
  const folder = await openWorkspace(join('.warren', 'test'));
  const products = new TestProducts(folder);
  const cleanUp = async (): Promise<void> => {
    endCommands();
    await products.stop();
    await removeWorkspace(folder);
  };
  endOnSignals(cleanUp);
  try {
    await install(plan, folder);
    const { environment, totals } = await prepare(plan, products);
    const all = [...totals];
    for (const run of plan.runs) all.push(...(await runKind(run, { plan, environment, folder })));
    await cleanUp();
    const sum = sumTotals(all);
    say(`\nAll of it took ${((performance.now() - begin) / 1000).toFixed(0)} s.`);
    process.stdout.write(closingLines(sum));
    return sum.failed.length === 0 ? 0 : 1;
  } finally {
    await cleanUp();
  }
}

process.exitCode = await main();
