import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** One import: from which file of the checkout, and what. */
export interface Import {
  readonly file: string;
  /** A path in the checkout without extension, `node:…`, or the name of a package. */
  readonly target: string;
  /** Gone when it runs: names types only. */
  readonly typeOnly: boolean;
}

const STATEMENT = /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s+'([^']+)'|(?:^|\n)\s*import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;

/** Static, side-effect and dynamic imports of the text. */
export function importsOf(file: string, text: string): readonly Import[] {
  return [...text.matchAll(STATEMENT)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    return { file, target: resolveSpecifier(file, specifier), typeOnly: /^\s*(import|export)\s+type\s/.test(match[0]) };
  });
}

export function readImports(files: readonly string[]): readonly Import[] {
  return files.flatMap((file) => importsOf(file, readFileSync(file, 'utf8')));
}

function resolveSpecifier(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier).replace(/\.(js|ts|tsx|jsx)$/, '');
  if (specifier.startsWith('node:')) return specifier;
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}
