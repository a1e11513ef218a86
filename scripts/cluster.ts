import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Cluster } from './cluster/cluster.js';
import { detach, tellReady } from './cluster/detach.js';
import { checkoutRoot, parseCommandLine, USAGE, warrenFolder, type CommandLine } from './cluster/options.js';
import { forgetProcess, isAlive, pidFile, readPidFile } from './cluster/pid-file.js';
import { AlreadyRunningError, startCluster } from './cluster/start.js';
import { stopRecorded, SUPERVISOR } from './cluster/stop-recorded.js';
import { renderTable } from './cluster/table.js';

// The command behind scripts/start-cluster.sh: starts the cluster and supervises it until a signal comes.

const args = process.argv.slice(2);
const folder = warrenFolder(checkoutRoot());
const run = join(folder, 'run');
const tablePath = join(run, 'table.txt');
let stopAsked = false;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function isRunning(): boolean {
  const supervisor = readPidFile(pidFile(run, SUPERVISOR));
  return supervisor !== undefined && isAlive(supervisor);
}

async function main(): Promise<number | undefined> {
  const command = parseCommandLine(args);
  if (command.flags.has('help')) {
    print(USAGE);
    return 0;
  }
  if (isRunning()) return sayRunning(command);
  if (command.flags.has('reset') && !(await reset(command))) return 1;
  if (command.flags.has('detach')) return detach(backgroundArguments(), folder);
  return supervise(command);
}

/** What the background gets: the reset has been done here, where a person could answer. */
function backgroundArguments(): readonly string[] {
  return args.filter((arg) => !['--detach', '--reset', '--yes'].includes(arg));
}

function sayRunning(command: CommandLine): number {
  print(new AlreadyRunningError(folder).message);
  if (command.flags.has('reset')) {
    print('Its data cannot be deleted while it runs: scripts/stop-cluster.sh first.');
    return 1;
  }
  print(savedTable());
  return 0;
}

function savedTable(): string {
  try {
    return readFileSync(tablePath, 'utf8');
  } catch {
    return 'It is still starting, or stopping.';
  }
}

/** False when the person did not agree. */
async function reset(command: CommandLine): Promise<boolean> {
  const data = join(folder, 'data');
  if (!command.flags.has('yes')) {
    if (!process.stdin.isTTY) throw new Error('--reset deletes data and nobody is here to ask: add --yes if that is what you want.');
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await terminal.question(`This deletes every account and message in ${data}. Type yes to go on: `);
    terminal.close();
    if (answer.trim().toLowerCase() !== 'yes') {
      print('Nothing was deleted.');
      return false;
    }
  }
  await stopRecorded(run, print);
  rmSync(data, { recursive: true, force: true });
  rmSync(join(folder, 'secrets.json'), { force: true });
  print(`Deleted ${data}. Services given by URL are as they were.`);
  return true;
}

async function supervise(command: CommandLine): Promise<number | undefined> {
  let cluster: Cluster | undefined;
  const { nodes, port, publicUrl } = command;
  stopOnSignals(() => cluster);
  // Whoever read our output may have gone; the cluster stays.
  process.stdout.on('error', () => undefined);
  print(`Starting ${nodes} chat ${nodes === 1 ? 'server' : 'servers'}, 2 API instances, a worker and the gateway.`);
  cluster = await startCluster({ nodes, port, publicUrl, folder, report: print, onCreated: (created) => (cluster = created) });
  const table = renderTable(cluster);
  writeFileSync(tablePath, table, { mode: 0o600 });
  print(table);
  tellReady();
  return undefined;
}

function stopOnSignals(current: () => Cluster | undefined): void {
  const stop = (): void => {
    const cluster = current();
    if (stopAsked) cluster?.killAll();
    if (stopAsked || cluster === undefined) end(130);
    stopAsked = true;
    print('\nStopping: draining the chat servers, then the rest. Again to stop at once.');
    cluster.stop().then(() => {
      print('Stopped. The data stays; scripts/start-cluster.sh starts it again.');
      end(0);
    }, fail);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
}

function end(code: number): never {
  forgetProcess(run, SUPERVISOR);
  rmSync(tablePath, { force: true });
  process.exit(code);
}

function fail(error: unknown): void {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

main().then(
  (code) => {
    if (code !== undefined) process.exitCode = code;
  },
  // A start that was interrupted fails, of course; the stop goes on and ends the program.
  (error: unknown) => (stopAsked ? undefined : fail(error)),
);
