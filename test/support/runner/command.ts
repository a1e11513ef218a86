import { spawn, type ChildProcess } from 'node:child_process';
import { signalGroup } from '../../../scripts/cluster/pid-file.js';

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Ended with everything it started when it takes longer. */
  readonly limitMs: number;
  /** `inherit` shows the output as it comes, `collect` returns it. */
  readonly output: 'inherit' | 'collect';
}

export interface CommandResult {
  /** Undefined when it was ended from here. */
  readonly code: number | undefined;
  readonly output: string;
  readonly seconds: number;
}

const running = new Set<ChildProcess>();
let ending = false;

/** Runs a program in a process group of its own. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  // The run is being cleaned up, and the program ends right after: nothing new begins.
  if (ending) return new Promise(() => undefined);
  const begin = performance.now();
  const stdio = options.output === 'inherit' ? ('inherit' as const) : ('pipe' as const);
  const child = spawn(command, args, { env: options.env ?? process.env, detached: true, stdio: ['ignore', stdio, stdio] });
  running.add(child);
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const limit = setTimeout(() => endGroup(child), options.limitMs);
  return new Promise((resolve) => {
    const finish = (code: number | null): void => {
      clearTimeout(limit);
      running.delete(child);
      resolve({ code: code ?? undefined, output: Buffer.concat(chunks).toString('utf8'), seconds: (performance.now() - begin) / 1000 });
    };
    child.once('error', () => finish(127));
    child.once('close', finish);
  });
}

/** For the end of a run, also an interrupted one: nothing that was started here stays, and nothing more is started. */
export function endCommands(): void {
  ending = true;
  for (const child of running) endGroup(child);
}

function endGroup(child: ChildProcess): void {
  if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
}
