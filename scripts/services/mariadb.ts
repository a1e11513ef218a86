import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram, needProgram } from './binaries.js';
import { createPrivateService, productEnvironment, type PrivateService, type PrivateServiceOptions } from './private-service.js';
import { probeTcp } from './probes.js';

export interface MariadbOptions extends PrivateServiceOptions {
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Databases the user may use and create: `own` is the one above, `all` is for tests. */
  readonly rights: 'own' | 'all';
}

const run = promisify(execFile);
/** Longer paths do not fit into a socket address. */
const SOCKET_PATH_BYTES = 100;
const INSTALL_MS = 120_000;

/** MariaDB (or MySQL, where that is installed) on the loopback address. User and database are made sure of at every start. */
export function createMariadb(options: MariadbOptions): PrivateService {
  const { port, user, password, database, data } = options;
  const init = join(data, 'init.sql');
  return createPrivateService({
    name: 'mariadb',
    url: `mysql://${user}:${password}@127.0.0.1:${port}/${database}`,
    dataFolder: data,
    folders: options,
    prepare: async () => {
      await installDatabase(data);
      writeFileSync(init, initialStatements(options), { mode: 0o600 });
    },
    specs: [
      {
        name: 'mariadb',
        command: needProgram('mariadbd', 'mysqld'),
        args: serverArguments(options, init),
        env: productEnvironment({}),
        cwd: data,
        // The server speaks first: a packet with protocol version 10 in its fifth byte.
        healthy: () => probeTcp({ port, accepts: (answer) => answer[4] === 10 }),
        healthyWithinMs: 60_000,
        stopWithinMs: 30_000,
        advice: 'look at the log above, or point MYSQL_URL at a MySQL or MariaDB of your own.',
      },
    ],
  });
}

function serverArguments(options: MariadbOptions, init: string): readonly string[] {
  return [
    '--no-defaults',
    ...runAs(),
    `--datadir=${files(options.data)}`,
    `--port=${options.port}`,
    '--bind-address=127.0.0.1',
    `--socket=${socketPath(options.data)}`,
    `--pid-file=${join(options.data, 'mariadb.pid')}`,
    `--init-file=${init}`,
    '--skip-name-resolve',
    '--character-set-server=utf8mb4',
    '--max-connections=300',
    '--innodb-buffer-pool-size=128M',
  ];
}

function files(data: string): string {
  return join(data, 'files');
}

/** A server that runs as root wants to be told so. */
function runAs(): readonly string[] {
  return [`--user=${userInfo().username}`];
}

function socketPath(data: string): string {
  const path = join(data, 'mariadb.sock');
  if (Buffer.byteLength(path) <= SOCKET_PATH_BYTES) return path;
  const name = createHash('sha256').update(data).digest('hex').slice(0, 16);
  return join(tmpdir(), `warren-${name}.sock`);
}

/** System tables into a folder beside, which is renamed when it is complete: an interrupted first start begins anew. */
async function installDatabase(data: string): Promise<void> {
  if (existsSync(files(data))) return;
  const draft = `${files(data)}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const installer = findProgram('mariadb-install-db', 'mysql_install_db');
  const [command, args] =
    installer === undefined
      ? [needProgram('mysqld'), ['--no-defaults', '--initialize-insecure', ...runAs(), `--datadir=${draft}`]]
      : [installer, ['--no-defaults', ...runAs(), `--datadir=${draft}`, '--auth-root-authentication-method=socket', '--skip-test-db']];
  await run(command, args, { timeout: INSTALL_MS, env: productEnvironment({}), maxBuffer: 4 * 1024 * 1024 });
  renameSync(draft, files(data));
}

function initialStatements(options: MariadbOptions): string {
  const { user, password, database } = options;
  const scope = options.rights === 'all' ? '*.*' : `\`${database}\`.*`;
  const account = `'${user}'@'127.0.0.1'`;
  return [
    `CREATE DATABASE IF NOT EXISTS \`${database}\` CHARACTER SET utf8mb4;`,
    `CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY '${password}';`,
    `ALTER USER ${account} IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON ${scope} TO ${account};`,
    '',
  ].join('\n');
}
