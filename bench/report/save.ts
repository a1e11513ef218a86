import { join, relative } from 'node:path';
import { writeJson } from '../command-options.js';

/** Made by runs, not committed: the newest result of each measure, and the page of all. */
export const RESULTS = join(import.meta.dirname, '..', 'results');

/** The file, relative to where the command runs. */
export function saveResult(measure: string, result: unknown): string {
  const file = join(RESULTS, `${measure}.json`);
  writeJson(file, result);
  return relative(process.cwd(), file);
}
