import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const PEERS = join(import.meta.dirname, '..', 'peers');
const LOCK = join(PEERS, 'package-lock.json');
const INSTALLED = join(PEERS, 'node_modules', '.package-lock.json');

/** Whether what the lock file names is there. */
export function peersAreInstalled(): boolean {
  return existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync(LOCK).mtimeMs;
}

/** Installs the peers' packages where they are missing. @throws Error when that fails, or takes longer than `limitMs`. */
export async function ensurePeers(options: { readonly limitMs: number } = { limitMs: 180_000 }): Promise<void> {
  if (peersAreInstalled()) return;
  process.stderr.write('  install the peers (npm ci in bench/peers)\n');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], options.limitMs);
  if (code !== 0) throw new Error(`npm ci in bench/peers ended with ${code ?? 'a signal'}`);
}

function run(command: string, args: readonly string[], limitMs: number): Promise<number | null> {
  const child = spawn(command, args, { cwd: PEERS, stdio: ['ignore', 'ignore', 'inherit'], timeout: limitMs });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
}
