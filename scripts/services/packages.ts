import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { openLog, tailLog } from '../cluster/log-file.js';
import { FAKE_TIME, findProgram } from './binaries.js';

/** Debian packages by what they are needed for, and how to see that they (or a replacement) are there. */
const PACKAGES = {
  rabbitmq: {
    name: 'rabbitmq-server',
    present: () => findProgram('/usr/lib/rabbitmq/bin/rabbitmq-server', 'rabbitmq-server') !== undefined,
  },
  redis: { name: 'redis-server', present: () => findProgram('redis-server', 'valkey-server') !== undefined },
  mariadb: { name: 'mariadb-server', present: () => findProgram('mariadbd', 'mysqld') !== undefined },
  nginx: { name: 'nginx', present: () => findProgram('nginx') !== undefined },
  faketime: { name: 'faketime', present: () => FAKE_TIME !== undefined },
  chromium: { name: 'chromium', present: () => findProgram('chromium', 'chromium-browser', 'google-chrome') !== undefined },
  cjkFonts: { name: 'fonts-noto-cjk', present: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc') },
} as const;

export type Need = keyof typeof PACKAGES;

const SCRIPT = join('scripts', 'services', 'install-packages.sh');

/** The Debian packages that would have to be installed. */
export function missingPackages(needs: readonly Need[]): readonly string[] {
  return needs.filter((need) => !PACKAGES[need].present()).map((need) => PACKAGES[need].name);
}

/** Installs what is missing, as root or by sudo. @throws Error with a sentence for a person when that is not possible. */
export async function installPackages(
  packages: readonly string[],
  options: { readonly root: string; readonly log: string },
): Promise<void> {
  if (packages.length === 0) return;
  const manual = `Install ${packages.length === 1 ? 'it' : 'them'} by hand (apt-get install ${packages.join(' ')})`;
  const missing = `${packages.join(', ')} ${packages.length === 1 ? 'is' : 'are'} needed and not installed`;
  if (findProgram('apt-get') === undefined)
    throw new Error(`${missing}, and this system has no apt-get. Install what is missing with its own package manager.`);
  const privilege = rootPrefix();
  if (privilege === undefined) throw new Error(`${missing}, and neither root nor sudo is at hand. ${manual}, or run the script as root.`);
  const [command, ...args] = [...privilege, 'sh', join(options.root, SCRIPT), ...packages];
  const code = await runLogged(command ?? 'sh', args, options.log);
  if (code === 0) return;
  const tail = tailLog(options.log, { lines: 12 }).map((line) => `  | ${line}`);
  throw new Error(
    [`${missing}, and apt-get failed (exit code ${code}). The end of ${options.log}:`, ...tail, `${manual} and start again.`].join('\n'),
  );
}

/** What to put in front of a command so that it runs as root; undefined when that cannot be had. */
function rootPrefix(): readonly string[] | undefined {
  if (process.getuid?.() === 0) return [];
  if (findProgram('sudo') === undefined) return undefined;
  if (spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0) return ['sudo', '-n'];
  return process.stdin.isTTY ? ['sudo'] : undefined;
}

function runLogged(command: string, args: readonly string[], logPath: string): Promise<number> {
  const log = openLog(logPath);
  return new Promise((resolve) => {
    // Standard input stays the terminal: sudo may ask for a password there.
    const child = spawn(command, args, { stdio: ['inherit', log, log] });
    closeSync(log);
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
