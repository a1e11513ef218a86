import { clearLine, cursorTo, moveCursor } from 'node:readline';
import { styleText } from 'node:util';
import type { LineInput } from './line-input.js';
import { rowsOf } from './text-width.js';

type Style = Parameters<typeof styleText>[0];

const COLOURS = ['cyan', 'green', 'magenta', 'yellow', 'blue', 'red'] as const;
/** Lines that are remembered, so that one of them can be written anew. */
const REMEMBERED = 200;

/** Lines above a prompt. Without a terminal: plain lines, no colours, nothing is ever rewritten. */
export class Screen {
  readonly #input: LineInput;
  readonly #colours: boolean;
  #promptText = '> ';
  /** Newest last: rows that each line takes, and what it is known by. */
  #lines: { readonly rows: number; readonly key: string | undefined }[] = [];

  constructor(input: LineInput) {
    this.#input = input;
    this.#colours = input.interactive && process.env['NO_COLOR'] === undefined;
  }

  style(style: Style, text: string): string {
    return this.#colours ? styleText(style, text) : text;
  }

  /** Everybody has a colour of their own. */
  name(name: string): string {
    let sum = 0;
    for (const char of name) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9_973;
    return this.style(['bold', COLOURS[sum % COLOURS.length] ?? 'cyan'], name);
  }

  print(text: string, key?: string): void {
    for (const [i, line] of text.split('\n').entries()) this.#printLine(line, i === 0 ? key : undefined);
    this.#input.prompt(this.#promptText);
  }

  note(text: string): void {
    this.print(this.style('dim', `· ${text}`));
  }

  problem(text: string): void {
    this.print(this.style('red', `! ${text}`));
  }

  /** Writes the line with this key anew where it stands; false when it has scrolled too far or never was a single line. */
  rewrite(key: string, text: string): boolean {
    const at = this.#lines.findLastIndex((line) => line.key === key);
    const line = this.#lines[at];
    if (!this.#input.interactive || line === undefined || text.includes('\n') || rowsOf(text, process.stdout.columns) !== line.rows)
      return false;
    const below = this.#lines.slice(at).reduce((sum, { rows }) => sum + rows, 0);
    if (below >= process.stdout.rows) return false;
    cursorTo(process.stdout, 0);
    moveCursor(process.stdout, 0, -below);
    for (let row = 1; row < line.rows; row++) process.stdout.write('\u001b[2K\n');
    moveCursor(process.stdout, 0, 1 - line.rows);
    clearLine(process.stdout, 0);
    process.stdout.write(text);
    moveCursor(process.stdout, 0, below - (line.rows - 1));
    this.#input.prompt(this.#promptText);
    return true;
  }

  /** A typed line is on the screen as well: it counts when an earlier one is looked for. */
  noteTyped(typed: string): void {
    this.#lines.push({ rows: rowsOf(this.#promptText + typed, process.stdout.columns), key: undefined });
  }

  /** Takes the line that was just typed off the screen: it is about to be printed as a message. */
  eraseTyped(): void {
    const typed = this.#lines.pop();
    if (!this.#input.interactive || typed === undefined) return;
    moveCursor(process.stdout, 0, -typed.rows);
    cursorTo(process.stdout, 0);
    process.stdout.write('\u001b[0J');
  }

  setPrompt(text: string): void {
    this.#promptText = text;
    this.#input.prompt(text);
  }

  #printLine(line: string, key: string | undefined): void {
    if (this.#input.interactive) {
      cursorTo(process.stdout, 0);
      clearLine(process.stdout, 0);
    }
    process.stdout.write(`${line}\n`);
    this.#lines.push({ rows: rowsOf(line, process.stdout.columns), key });
    if (this.#lines.length > REMEMBERED) this.#lines = this.#lines.slice(-REMEMBERED);
  }
}
