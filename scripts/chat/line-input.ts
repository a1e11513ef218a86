import { createInterface, type Interface } from 'node:readline';

/** Questions and lines from the keyboard or a pipe. */
export class LineInput {
  readonly interactive = process.stdin.isTTY && process.stdout.isTTY;
  readonly #reader: Interface;
  readonly #waiting: ((line: string | undefined) => void)[] = [];
  readonly #lines: string[] = [];
  #ended = false;
  #hidden = false;

  constructor() {
    this.#reader = createInterface({ input: process.stdin, output: process.stdout, terminal: this.interactive, historySize: 200 });
    this.#reader.on('line', (line) => this.#take(line));
    this.#reader.on('close', () => this.#end());
    this.#reader.on('SIGINT', () => this.#reader.close());
    if (this.interactive) this.#muteWhenHidden();
  }

  /** The next line; undefined when there will be none. */
  next(): Promise<string | undefined> {
    const line = this.#lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.#ended) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async ask(question: string): Promise<string | undefined> {
    this.#reader.setPrompt(question);
    this.#reader.prompt();
    return this.next();
  }

  /** What is typed is not shown. */
  async askSecret(question: string): Promise<string | undefined> {
    process.stdout.write(question);
    this.#reader.setPrompt('');
    this.#hidden = true;
    const answer = await this.next();
    this.#hidden = false;
    process.stdout.write('\n');
    return answer;
  }

  prompt(text: string): void {
    this.#reader.setPrompt(text);
    if (this.interactive && !this.#ended) this.#reader.prompt(true);
  }

  close(): void {
    this.#reader.close();
  }

  #take(line: string): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#lines.push(line);
    else waiting(line);
  }

  #end(): void {
    this.#ended = true;
    for (const waiting of this.#waiting.splice(0)) waiting(undefined);
  }

  /** Readline echoes by writing to its output: while a secret is typed, nothing gets through. */
  #muteWhenHidden(): void {
    const reader = this.#reader as Interface & { _writeToOutput?: (text: string) => void };
    const write = reader._writeToOutput?.bind(reader);
    if (write === undefined) return;
    reader._writeToOutput = (text) => {
      if (!this.#hidden) write(text);
    };
  }
}
