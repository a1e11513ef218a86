import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutRoot } from './cluster/options.js';
import { referencePages } from './reference/pages.js';

// `npm run reference`: writes docs/reference/ from the code. test/architecture compares the two.

const root = checkoutRoot();
for (const { path, text } of referencePages(root)) {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
  process.stdout.write(`wrote ${path}\n`);
}
