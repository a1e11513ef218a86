// Copies what the compiler leaves behind (Lua scripts, templates and the like) from the source folders into dist/.
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const FOLDERS = ['shared', 'server', 'api', 'worker', 'client', 'scripts'];
const NOT_ASSETS = /\.(ts|mjs|sh|md)$/;

for (const folder of FOLDERS) {
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || NOT_ASSETS.test(entry.name)) continue;
    const source = join(entry.parentPath, entry.name);
    const target = join(root, 'dist', source.slice(root.length + 1));
    rmSync(target, { force: true });
    cpSync(source, target, { preserveTimestamps: true });
  }
}
