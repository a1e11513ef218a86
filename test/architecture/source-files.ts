import { readdirSync } from 'node:fs';
import { posix } from 'node:path';

/** Made, not written: what .gitignore names. */
const MADE = new Set(['.git', '.warren', 'node_modules', 'dist', 'coverage', 'results', 'package-lock.json']);

/** The project's files in alphabetical order; read from disk, because a checkout need not have git at hand. */
export function projectFiles(folder = '.'): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !MADE.has(name));
  const files = entries.flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return projectFiles(path);
    return entry.isFile() ? [path] : [];
  });
  return files.sort();
}

export function sourceFiles(): readonly string[] {
  return projectFiles().filter((file) => /\.(ts|tsx)$/.test(file) && !file.endsWith('.d.ts'));
}
