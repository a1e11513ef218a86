import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A Lua script of the folder `scripts`, named `<name>-<number of keys>.lua`. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

export function loadScript(name: string): Script {
  const text = readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}
