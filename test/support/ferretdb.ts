import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SOURCE = fileURLToPath(new URL('./ferretdb/', import.meta.url));
const CACHE = resolve(SOURCE, '../../../.warren/test/ferretdb');
const BUILD_TIMEOUT_MS = 480_000;

/**
 * Starts an embedded MongoDB-compatible server with an empty data folder on a free port. Builds it first: about 40 s the
 * first time, 2 s later. Rejects with a sentence that says why where Go or its modules are missing.
 */
export async function startFerretDb(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const binary = await buildFerretDb();
  const data = await mkdtemp(join(CACHE, 'data-'));
  const server = spawn(binary, [data], { stdio: ['pipe', 'pipe', 'ignore'] });
  const stop = async (): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    await rm(data, { recursive: true, force: true });
  };
  try {
    return { url: await readUrl(server), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function buildFerretDb(): Promise<string> {
  const binary = join(CACHE, 'ferretdb');
  await mkdir(CACHE, { recursive: true });
  try {
    await run('go', ['build', '-o', binary, '.'], { cwd: SOURCE, timeout: BUILD_TIMEOUT_MS });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(missing ? 'Go is not installed' : 'FerretDB could not be built', { cause: error });
  }
  return binary;
}

/** Printed by the program once it listens. */
function readUrl(server: ChildProcess): Promise<string> {
  return new Promise((found, fail) => {
    server.once('error', fail);
    server.once('exit', () => fail(new Error('FerretDB ended before it was ready')));
    if (server.stdout === null) throw new Error('FerretDB has no output');
    createInterface(server.stdout).once('line', found);
  });
}

/** `node --import tsx test/support/ferretdb.ts` prints the URL when it is ready and stops on SIGTERM. */
async function main(): Promise<void> {
  const signal = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const server = await startFerretDb();
  console.log(server.url);
  // Signals do not keep a process alive; the child does.
  await signal;
  await server.stop();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
