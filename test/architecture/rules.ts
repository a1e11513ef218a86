import type { Import } from './imports.js';

/** What a room of the house may import: folders of the checkout, and packages. The table of docs/architecture.md. */
export interface Rule {
  readonly room: string;
  /** Files in the room that the rule leaves alone: composition, which names adapters. */
  readonly except?: readonly string[];
  /** Besides itself. */
  readonly folders: readonly string[];
  /** `node` stands for the built-in modules. */
  readonly packages: readonly string[];
  /** Folders and packages of which it may name types. */
  readonly types?: readonly string[];
}

const CONTRACT = ['shared/domain', 'shared/protocol', 'shared/errors', 'shared/ports'];
const COMPOSITION = ['main', 'compose', 'assemble'];

/** Each product's adapter and its driver; no other folder may name the driver. */
export const DRIVERS: Readonly<Record<string, readonly string[]>> = {
  argon2: ['@node-rs/argon2'],
  jwt: ['jsonwebtoken', 'jws'],
  memory: [],
  mongodb: ['mongodb'],
  pino: ['pino'],
  prometheus: ['prom-client'],
  rabbitmq: ['amqplib'],
  redis: ['ioredis', 'rate-limiter-flexible'],
  sql: ['knex', 'mysql2', 'better-sqlite3'],
  sqlite: ['better-sqlite3'],
};

export const RULES: readonly Rule[] = [
  { room: 'shared/domain', folders: ['shared/protocol'], packages: [] },
  { room: 'shared/protocol', folders: ['shared/domain'], packages: ['zod'] },
  { room: 'shared/errors', folders: ['shared/domain', 'shared/protocol'], packages: [] },
  { room: 'shared/ports', folders: ['shared/domain', 'shared/protocol', 'shared/errors'], packages: [] },
  { room: 'shared/routing', folders: CONTRACT, packages: ['node'] },
  { room: 'shared/timeline', folders: CONTRACT, packages: ['node'] },
  { room: 'shared/config', folders: [], packages: ['zod'] },
  { room: 'shared/runtime', folders: [...CONTRACT, 'shared/config'], packages: ['node'] },
  ...Object.entries(DRIVERS).map(([product, drivers]) => ({
    room: `shared/adapters/${product}`,
    folders: CONTRACT,
    packages: ['node', ...drivers],
  })),
  { room: 'server/transport', folders: [...CONTRACT, 'shared/runtime'], packages: ['node', 'ws'] },
  {
    room: 'server/routing',
    folders: [...CONTRACT, 'shared/routing', 'shared/timeline', 'shared/runtime'],
    packages: ['node'],
    types: ['server/session'],
  },
  {
    room: 'server/chat',
    folders: [...CONTRACT, 'shared/routing', 'shared/timeline', 'server/routing'],
    packages: ['node'],
    types: ['server/session'],
  },
  {
    room: 'server/session',
    folders: [...CONTRACT, 'shared/routing', 'shared/timeline', 'shared/runtime', 'server/chat', 'server/routing', 'server/transport'],
    packages: ['node'],
  },
  { room: 'api/use-cases', folders: [...CONTRACT, 'shared/routing', 'shared/timeline'], packages: ['node'] },
  {
    room: 'api/routes',
    folders: [...CONTRACT, 'shared/runtime', 'api/use-cases', 'api/middleware', 'api/openapi'],
    packages: ['node', 'express', 'zod', 'swagger-ui-dist'],
  },
  {
    room: 'server',
    except: COMPOSITION,
    folders: [...CONTRACT, 'shared/routing', 'shared/timeline', 'shared/runtime'],
    packages: ['node', 'ws'],
  },
  {
    room: 'api',
    except: COMPOSITION,
    folders: [...CONTRACT, 'shared/routing', 'shared/timeline', 'shared/runtime', 'shared/config'],
    packages: ['node', 'express', 'helmet', 'zod', 'swagger-ui-dist', '@asteasolutions/zod-to-openapi'],
  },
  {
    room: 'worker',
    except: COMPOSITION,
    folders: [...CONTRACT, 'shared/routing', 'shared/timeline', 'shared/runtime'],
    packages: ['node'],
  },
  { room: 'client', folders: ['shared/domain', 'shared/protocol'], packages: ['node', 'ws'], types: ['zod'] },
];

/** Composition names adapters, but still not another process. */
const PROCESSES = ['server', 'api', 'worker'];

/** What an import breaks, in words; undefined when it is fine. The rule of the innermost room decides. */
export function violation({ file, target, typeOnly }: Import): string | undefined {
  const own = PROCESSES.find((name) => isInside(file, name));
  if (own !== undefined && PROCESSES.some((other) => other !== own && isInside(target, other)))
    return `${file} → ${target}: another process`;
  const rule = RULES.filter(({ room }) => isInside(file, room)).sort((a, b) => b.room.length - a.room.length)[0];
  if (rule === undefined || isExcepted(file, rule)) return undefined;
  if (typeOnly && (rule.types ?? []).some((named) => isInside(target, named))) return undefined;
  const allowed = isPackage(target)
    ? rule.packages.includes(target.startsWith('node:') ? 'node' : target)
    : [rule.room, ...rule.folders].some((folder) => isInside(target, folder));
  return allowed ? undefined : `${file} → ${target}`;
}

function isExcepted(file: string, rule: Rule): boolean {
  return (rule.except ?? []).some((name) => file === `${rule.room}/${name}.ts`);
}

function isPackage(target: string): boolean {
  return target.startsWith('node:') || !/^(shared|server|api|worker|client|web|scripts|bench|test)\//.test(target);
}

export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
