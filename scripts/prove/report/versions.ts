import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { arch, cpus, platform, totalmem } from 'node:os';

const PROGRAMS: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ['Redis', 'redis-server', ['--version']],
  ['MariaDB', 'mariadbd', ['--version']],
  ['nginx', 'nginx', ['-v']],
];

/** Of what a run depends on. `broker` is what the broker says of itself. */
export function readVersions(root: string, broker: string): Record<string, string> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  const commit = read('git', ['-C', root, 'rev-parse', '--short', 'HEAD']);
  const found = PROGRAMS.map(([name, command, args]) => [name, shorten(read(command, args))]);
  return {
    Warren: `${version}${commit === '' ? '' : ` (${commit})`}`,
    'Node.js': process.version,
    RabbitMQ: broker,
    ...(Object.fromEntries(found) as Record<string, string>),
    Machine: `${platform()} ${arch()}, ${cpus().length} cores, ${Math.round(totalmem() / 1024 ** 3)} GiB`,
  };
}

function read(command: string, args: readonly string[]): string {
  try {
    // nginx says its version on the error stream.
    return execFileSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', command, ...args], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

function shorten(text: string): string {
  return /\d+\.\d+[\w.-]*/.exec(text)?.[0] ?? (text === '' ? 'unknown' : text);
}
