import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromLoad, LoadPlan, ToLoad } from './protocol.js';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

export interface Progress {
  readonly sent: number;
  readonly acked: number;
  readonly told: number;
  readonly online: number;
}

/** The load processes, told and asked together. */
export class Fleet {
  readonly #members: readonly Member[];

  private constructor(members: readonly Member[]) {
    this.#members = members;
  }

  /** Resolves when every device is online. */
  static async launch(plans: readonly LoadPlan[]): Promise<Fleet> {
    const fleet = new Fleet(plans.map(() => new Member()));
    await Promise.all(fleet.#members.map((member, i) => member.ask({ type: 'plan', plan: plans[i] as LoadPlan }, 'ready')));
    return fleet;
  }

  get progress(): Progress {
    const sum = (of: (progress: Progress) => number): number => this.#members.reduce((total, { progress }) => total + of(progress), 0);
    return { sent: sum((p) => p.sent), acked: sum((p) => p.acked), told: sum((p) => p.told), online: sum((p) => p.online) };
  }

  /** Rejects when a load process ends before it is told to: then nothing can be said about what its devices saw. */
  get lost(): Promise<never> {
    return Promise.race(this.#members.map(({ lost }) => lost));
  }

  start(): void {
    for (const member of this.#members) member.say({ type: 'start' });
  }

  storm(): void {
    for (const member of this.#members) member.say({ type: 'storm' });
  }

  async slow(devices: readonly number[], forMs: number): Promise<void> {
    await Promise.all(this.#members.map((member) => member.ask({ type: 'slow', devices, forMs }, 'slow-over')));
  }

  async settle(withinMs: number, closing: readonly { readonly d: number; readonly ch: string }[]): Promise<readonly string[]> {
    const answers = await Promise.all(this.#members.map((member) => member.ask({ type: 'settle', withinMs, closing }, 'settled')));
    return answers.flatMap(({ troubles }) => troubles);
  }

  async sync(withinMs: number): Promise<readonly string[]> {
    const answers = await Promise.all(this.#members.map((member) => member.ask({ type: 'sync', withinMs }, 'synced')));
    return answers.flatMap(({ troubles }) => troubles);
  }

  async end(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.ask({ type: 'end' }, 'ended')));
  }

  kill(): void {
    for (const member of this.#members) member.kill();
  }
}

type Answer<Type extends FromLoad['type']> = Extract<FromLoad, { readonly type: Type }>;

class Member {
  readonly #child: ChildProcess;
  readonly lost: Promise<never>;
  #isEnding = false;
  progress: Progress = { sent: 0, acked: 0, told: 0, online: 0 };

  constructor() {
    this.#child = fork(MAIN, [], { execArgv: ['--import', 'tsx', '--max-old-space-size=6144'] });
    this.lost = new Promise((_resolve, reject) => {
      this.#child.once('exit', (code, signal) => {
        if (!this.#isEnding) reject(new Error(`a load process ended (${signal ?? code ?? 'unknown'}) in the middle of the run`));
      });
    });
    this.lost.catch(() => undefined);
    this.#child.on('message', (message: FromLoad) => {
      if (message.type === 'progress') this.progress = message;
    });
  }

  say(message: ToLoad): void {
    if (message.type === 'end') this.#isEnding = true;
    if (this.#child.connected) this.#child.send(message);
  }

  /** Resolves with the answer of that type. Rejects when the process ends before. */
  ask<Type extends FromLoad['type']>(message: ToLoad, type: Type): Promise<Answer<Type>> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`a load process ended with ${code ?? 'a signal'} before it answered`));
      const onMessage = (answer: FromLoad): void => {
        if (answer.type !== type) return;
        this.#child.off('message', onMessage);
        this.#child.off('exit', onExit);
        resolve(answer as Answer<Type>);
      };
      this.#child.on('message', onMessage);
      this.#child.once('exit', onExit);
      this.say(message);
    });
  }

  kill(): void {
    this.#isEnding = true;
    this.#child.kill('SIGKILL');
  }
}
