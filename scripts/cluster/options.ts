import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export const DEFAULT_NODES = 3;
export const DEFAULT_PORT = 8080;
const MAX_NODES = 32;

/** Services of the user's own that are used in place of private ones. */
export interface ExternalUrls {
  readonly amqp?: string | undefined;
  readonly redis?: string | undefined;
  readonly sql?: string | undefined;
  readonly messages?: string | undefined;
}

export interface ClusterSettings {
  /** The checkout: templates, sources, `dist`. */
  readonly root: string;
  /** Data, logs, secrets, pid files. */
  readonly folder: string;
  readonly nodes: number;
  /** The gateway's port; 0 takes any free one. */
  readonly port: number;
  /** `default` prefers the well-known ports and moves when they are taken; `free` takes any. */
  readonly ports: 'default' | 'free';
  /** Where browsers reach the gateway, e.g. `https://chat.example.com`; without one it answers this machine only. */
  readonly publicUrl?: string | undefined;
  /** Run the compiled `dist`, or the sources through tsx. */
  readonly runtime: 'dist' | 'source';
  readonly external: ExternalUrls;
  /** Configuration for every process, over the supervisor's own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same for single processes by name, such as `server2`; over everything else. */
  readonly processEnvironment?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
}

export interface CommandLine {
  readonly nodes: number;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly flags: ReadonlySet<'reset' | 'yes' | 'detach' | 'help'>;
}

export const USAGE = `scripts/start-cluster.sh [options]
  --nodes N          chat servers, 1 to ${MAX_NODES} (default ${DEFAULT_NODES})
  --port PORT        the gateway's port (default ${DEFAULT_PORT})
  --public-url URL   how browsers on other machines reach the gateway, e.g. http://192.168.0.10:8080;
                     without it the gateway answers this machine only
  --native           private RabbitMQ, Redis, MariaDB and nginx on this machine (default without a Docker engine)
  --docker           docker-compose.yml instead (default with a Docker engine)
  --reset            delete the cluster's data first; asks, unless --yes is given
  --detach           return when the cluster is up, and leave it running
Environment: WARREN_DIR (data, logs; default .warren), AMQP_URL, REDIS_URL, MYSQL_URL or SQL_URL, MONGO_URL or
MESSAGES_URL (services of your own instead of private ones), and everything in docs/reference/config.md.`;

/** @throws Error with a sentence for a person. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      nodes: { type: 'string', default: String(DEFAULT_NODES) },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      'public-url': { type: 'string' },
      native: { type: 'boolean', default: false },
      reset: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      detach: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const flags = (['reset', 'yes', 'detach', 'help'] as const).filter((flag) => values[flag]);
  return {
    nodes: wholeNumber('--nodes', values.nodes, { min: 1, max: MAX_NODES }),
    port: wholeNumber('--port', values.port, { min: 0, max: 65_535 }),
    publicUrl: values['public-url'] === undefined ? undefined : webOrigin(values['public-url']),
    flags: new Set(flags),
  };
}

function wholeNumber(name: string, value: string, range: { readonly min: number; readonly max: number }): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= range.min && number <= range.max) return number;
  throw new Error(`${name} takes a whole number from ${range.min} to ${range.max}, not ${value}`);
}

function webOrigin(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url.origin;
  throw new Error(`--public-url takes an address such as http://192.168.0.10:8080, not ${value}`);
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `MYSQL_URL` and `MONGO_URL` are what people have set already; the names of docs/reference/config.md win. */
export function externalUrls(environment: Environment): ExternalUrls {
  const given = (...names: readonly string[]): string | undefined =>
    names.map((name) => environment[name]).find((value) => value !== undefined && value !== '');
  return {
    amqp: given('AMQP_URL'),
    redis: given('REDIS_URL'),
    sql: given('SQL_URL', 'MYSQL_URL'),
    messages: given('MESSAGES_URL', 'MONGO_URL'),
  };
}

/** The checkout that this file belongs to, whether it runs from `scripts/` or from `dist/scripts/`. */
export function checkoutRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package-lock.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the checkout around the scripts was not found');
    folder = parent;
  }
  return folder;
}

/** `.ts` runs sources, `.js` what was compiled from them. */
export function ownRuntime(): 'dist' | 'source' {
  return import.meta.url.endsWith('.ts') ? 'source' : 'dist';
}

export function warrenFolder(root: string, environment: Environment = process.env): string {
  const given = environment['WARREN_DIR'];
  return resolve(root, given === undefined || given === '' ? '.warren' : given);
}
