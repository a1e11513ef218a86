import { join } from 'node:path';
import { probeHttp } from '../services/probes.js';
import type { Backing } from './backing.js';
import type { ClusterLayout, Seat } from './layout.js';
import type { ProcessSpec } from './managed-process.js';
import type { ClusterSettings } from './options.js';
import type { Secrets } from './secrets.js';

export type AppKind = 'server' | 'api' | 'worker';

export interface AppParts {
  readonly settings: ClusterSettings;
  readonly layout: ClusterLayout;
  readonly backing: Backing;
  readonly secrets: Secrets;
}

const HEALTHY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;
/** Moving clients elsewhere over the usual five seconds helps nobody when the whole cluster stops. */
const DRAIN_MS = '2000';

/** A process of ours: `node <kind>/main`, configured by its environment, ready when /readyz says so. */
export function appProcess(kind: AppKind, seat: Seat, parts: AppParts): ProcessSpec {
  const { settings } = parts;
  return {
    name: seat.name,
    command: process.execPath,
    args: appArguments(kind, settings),
    env: appEnvironment(kind, seat, parts),
    cwd: settings.root,
    healthy: () => probeHttp(`http://127.0.0.1:${seat.port}/readyz`),
    healthyWithinMs: HEALTHY_WITHIN_MS,
    stopWithinMs: STOP_WITHIN_MS,
    advice: 'if the log names a configuration key, look it up in docs/reference/config.md; --reset starts with empty data.',
  };
}

/** What a message needs lives for milliseconds: with room for 32 MB it dies young. With twice as much a chat server took a tenth more (docs/performance.md). */
const YOUNG_SPACE = '--max-semi-space-size=32';

function appArguments(kind: AppKind, settings: ClusterSettings): readonly string[] {
  if (settings.runtime === 'dist') return [YOUNG_SPACE, '--enable-source-maps', join('dist', kind, 'main.js')];
  return [YOUNG_SPACE, '--import', 'tsx', join(kind, 'main.ts')];
}

/** Our own values win over inherited ones; everything else (log level, limits) may be set outside. */
export function appEnvironment(kind: AppKind, seat: Seat, parts: AppParts): NodeJS.ProcessEnv {
  const { settings, backing, secrets } = parts;
  return {
    NODE_ENV: 'production',
    DRAIN_MS,
    ...process.env,
    ...settings.environment,
    HOST: '127.0.0.1',
    PORT: String(seat.port),
    AMQP_URL: backing.urls.amqp,
    REDIS_URL: backing.urls.redis,
    SQL_URL: backing.urls.sql,
    MESSAGES_URL: backing.urls.messages,
    ...(kind === 'worker' ? {} : { JWT_SECRET: secrets.jwtSecret }),
    ...(kind === 'server' ? serverEnvironment(seat, parts) : {}),
    ...(kind === 'api' ? { WEB_ROOT: join(settings.root, 'web', 'dist'), ADMIN_TOKEN: secrets.adminToken } : {}),
    ...settings.processEnvironment?.[seat.name],
  };
}

function serverEnvironment(seat: Seat, parts: AppParts): NodeJS.ProcessEnv {
  const { settings, layout } = parts;
  const origin = gatewayUrl(settings, layout);
  const given = settings.environment['ALLOWED_ORIGINS'] ?? process.env['ALLOWED_ORIGINS'];
  return {
    SERVER_ID: seat.name,
    PUBLIC_WS_URL: `${origin.replace(/^http/, 'ws')}/ws?server=${seat.name}`,
    // The page may have been opened by either name of this machine.
    ALLOWED_ORIGINS: given ?? `http://127.0.0.1:${layout.gateway},http://localhost:${layout.gateway}`,
  };
}

/** Where people reach the cluster. */
export function gatewayUrl(settings: ClusterSettings, layout: ClusterLayout): string {
  return settings.publicUrl ?? `http://localhost:${layout.gateway}`;
}
