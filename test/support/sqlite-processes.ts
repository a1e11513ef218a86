import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const WRITER = fileURLToPath(new URL('./sqlite-writer.ts', import.meta.url));

/** Runs three writers on one file at once; what each printed. Rejects when one of them failed. */
export async function runWriters(kind: 'people' | 'messages', path: string, count: number): Promise<readonly string[]> {
  const nodes = [101, 102, 103];
  const runs = nodes.map((node) => run(process.execPath, ['--import', 'tsx', WRITER, kind, path, String(node), String(count)]));
  return (await Promise.all(runs)).map(({ stdout }) => stdout.trim());
}
