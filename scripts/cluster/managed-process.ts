import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { logSize, openLog, tailLog } from './log-file.js';
import { forgetProcess, pidFile, recordProcess, signal, signalGroup } from './pid-file.js';

/** How to run one process, and how to know that it is ready. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Ready to serve; asked until true. Must not throw. */
  readonly healthy: () => Promise<boolean>;
  readonly healthyWithinMs: number;
  /** After SIGTERM the process has this long before it is killed. */
  readonly stopWithinMs: number;
  /** What a person can do when it does not start. */
  readonly advice?: string;
}

export interface ProcessFolders {
  readonly logs: string;
  readonly run: string;
}

/** The process ended, or was not ready in time; the message holds the end of its log. */
export class StartError extends Error {
  constructor(spec: ProcessSpec, reason: string, log: { readonly path: string; readonly tail: readonly string[] }) {
    const tail = log.tail.length === 0 ? ['(it wrote nothing)'] : log.tail;
    const advice = spec.advice === undefined ? [] : [`What to do: ${spec.advice}`];
    super([`${spec.name} ${reason}. The end of ${log.path}:`, ...tail.map((line) => `  | ${line}`), ...advice].join('\n'));
    this.name = 'StartError';
  }
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const FIRST_POLL_MS = 20;
const LAST_POLL_MS = 250;
const TAIL_LINES = 15;
const GRACE_MS = 5000;

/** One child process with a log and a pid file: start waits for health, stop asks first and insists later. */
export class ManagedProcess {
  readonly #folders: ProcessFolders;
  readonly #spec: ProcessSpec;
  #child: ChildProcess | undefined;
  #ended: Promise<ProcessExit> | undefined;
  #wanted = false;
  #ready = false;
  /** Told when the process ends without having been asked to, once it had been ready. */
  onCrash: ((exit: ProcessExit) => void) | undefined;

  constructor(spec: ProcessSpec, folders: ProcessFolders) {
    this.#spec = spec;
    this.#folders = folders;
  }

  get name(): string {
    return this.#spec.name;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Started, and not stopped since: it is running, or will be once its supervisor has started it again. */
  get wanted(): boolean {
    return this.#wanted;
  }

  get logPath(): string {
    return join(this.#folders.logs, `${this.#spec.name}.log`);
  }

  /** Resolves when the process is healthy. @throws StartError when it ends before, or is not healthy in time. */
  async start(): Promise<void> {
    if (this.#child !== undefined) return;
    this.#wanted = true;
    this.#ready = false;
    const from = logSize(this.logPath);
    const ended = this.#spawn();
    const failure = await this.#waitUntilHealthy(ended);
    if (failure === undefined) {
      this.#ready = true;
      return;
    }
    await this.#end();
    throw new StartError(this.#spec, failure, { path: this.logPath, tail: tailLog(this.logPath, { lines: TAIL_LINES, from }) });
  }

  /** SIGTERM, and SIGKILL to the whole group when that takes too long. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#wanted = false;
    await this.#end();
  }

  async #end(): Promise<void> {
    const child = this.#child;
    const ended = this.#ended;
    if (child?.pid === undefined || ended === undefined) return;
    signal(child.pid, 'SIGCONT');
    signal(child.pid, 'SIGTERM');
    if (!(await endedWithin(ended, this.#spec.stopWithinMs))) signalGroup(child.pid, 'SIGKILL');
    await endedWithin(ended, GRACE_MS);
  }

  /** Any signal, also SIGSTOP and SIGCONT. An end by it counts as a crash, unless `stop` was called. */
  kill(name: NodeJS.Signals): void {
    if (this.pid !== undefined) signal(this.pid, name);
  }

  /** Resolves when the process that runs now has ended; at once when none runs. */
  async ended(): Promise<void> {
    await this.#ended;
  }

  #spawn(): Promise<ProcessExit> {
    const log = openLog(this.logPath);
    const { command, args, env, cwd, name } = this.#spec;
    const child = spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child = child;
    const ended = new Promise<ProcessExit>((resolve) => {
      child.once('error', () => resolve({ code: 127, signal: null }));
      child.once('exit', (code, by) => resolve({ code, signal: by }));
    });
    this.#ended = ended;
    if (child.pid !== undefined) recordProcess(pidFile(this.#folders.run, name), child.pid);
    void ended.then((exit) => this.#onEnd(child, exit));
    return ended;
  }

  #onEnd(child: ChildProcess, exit: ProcessExit): void {
    if (child.pid !== undefined) sweepGroup(child.pid);
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#ended = undefined;
    forgetProcess(this.#folders.run, this.#spec.name);
    if (this.#wanted && this.#ready) this.onCrash?.(exit);
  }

  /** Why it did not become healthy, or undefined when it did. */
  async #waitUntilHealthy(ended: Promise<ProcessExit>): Promise<string | undefined> {
    let exit: ProcessExit | undefined;
    void ended.then((value) => (exit = value));
    const deadline = performance.now() + this.#spec.healthyWithinMs;
    for (let pause = FIRST_POLL_MS; performance.now() < deadline; pause = Math.min(pause * 1.5, LAST_POLL_MS)) {
      if (exit === undefined && (await this.#spec.healthy()) && !hasEnded(exit)) return undefined;
      if (hasEnded(exit)) return `ended with ${describeExit(exit)} before it was ready`;
      await Promise.race([ended, delay(pause)]);
    }
    return `was not ready within ${this.#spec.healthyWithinMs / 1000} s`;
  }
}

function hasEnded(exit: ProcessExit | undefined): exit is ProcessExit {
  return exit !== undefined;
}

export function describeExit(exit: ProcessExit): string {
  return exit.signal ?? `exit code ${exit.code ?? 'unknown'}`;
}

/** Whatever the leader left behind in its group goes with it. */
function sweepGroup(pid: number): void {
  signalGroup(pid, 'SIGKILL');
}

async function endedWithin(ended: Promise<unknown>, ms: number): Promise<boolean> {
  const timeout = new AbortController();
  const late = delay(ms, false, { signal: timeout.signal }).catch(() => false);
  const result = await Promise.race([ended.then(() => true), late]);
  timeout.abort();
  return result;
}
