import { stripVTControlCharacters } from 'node:util';

/** Scripts and symbols that take two columns in a terminal. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;

/** Rows that a line takes in a terminal of that many columns. */
export function rowsOf(line: string, columns: number | undefined): number {
  if (columns === undefined || columns <= 0) return 1;
  let width = 0;
  for (const char of stripVTControlCharacters(line)) width += WIDE.test(char) ? 2 : 1;
  return Math.max(1, Math.ceil(width / columns));
}

/** What others wrote must not steer this terminal: control characters and changes of direction are taken out, tabs and line feeds stay. */
export function makeHarmless(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t\n]|\p{Bidi_Control}/gu, '');
}
