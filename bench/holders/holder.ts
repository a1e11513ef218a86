import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromHolder, HeldChannel, Talk, TalkOptions, ToHolder } from './protocol.js';

type Opening = Omit<Extract<ToHolder, { type: 'open' }>, 'type'>;

const UNDER_WAY = 100;

/** A process that holds up to {@link USERS_PER_HOLDER} connections. */
export class Holder {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  }

  /** CPU milliseconds that it took. Rejects with what went wrong first. */
  async open(opening: Opening): Promise<number> {
    return (await this.#ask({ type: 'open', ...opening }, 'opened')).cpuMs;
  }

  /** Ends its connections. */
  async leave(): Promise<void> {
    await this.#ask({ type: 'leave' }, 'left');
  }

  async talk(channels: readonly HeldChannel[], { underWay }: TalkOptions = { underWay: UNDER_WAY }): Promise<Talk> {
    return (await this.#ask({ type: 'talk', channels, underWay }, 'talked')).talk;
  }

  /** Connections and all. */
  end(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  #ask<Type extends FromHolder['type']>(message: ToHolder, type: Type): Promise<Extract<FromHolder, { type: Type }>> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`a holder ended with ${code ?? 'a signal'}`));
      this.#child.once('exit', ended);
      this.#child.once('message', (answer: FromHolder) => {
        this.#child.off('exit', ended);
        if (answer.type === type) resolve(answer as Extract<FromHolder, { type: Type }>);
        else reject(new Error(answer.type === 'failed' ? answer.reason : `the holder answered with ${answer.type}`));
      });
      this.#child.send(message);
    });
  }
}
