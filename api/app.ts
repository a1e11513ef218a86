import express, { type Express } from 'express';
import type { Metrics } from '../shared/ports/index.js';
import type { ReadinessCheck } from '../shared/runtime/ops-http.js';
import { logAccess } from './middleware/access-log.js';
import { allowOrigins } from './middleware/cors.js';
import { answerErrors, refuseUnknownPath } from './middleware/errors.js';
import { startContext } from './middleware/request-context.js';
import { setSecurityHeaders } from './middleware/security-headers.js';
import { serveWebFiles, serveWebPage } from './middleware/web-client.js';
import { createRoutes } from './routes/index.js';
import { mountRoutes, type RateLimits } from './routes/mount-routes.js';
import type { UseCaseDeps, UseCaseSettings } from './use-cases/deps.js';
import { RecentAssignments } from './use-cases/recent-assignments.js';

export interface ApiSettings extends UseCaseSettings {
  /** Folder of the built web client; left out, none is served. */
  readonly webRoot?: string | undefined;
  /** Origins, exact, of front ends served from elsewhere. */
  readonly corsOrigins: readonly string[];
  /** Whose X-Forwarded-For is believed: Express's `trust proxy`, e.g. `loopback, 10.0.0.0/8`. */
  readonly trustedProxies: string;
  /** Bearer token of `/v1/admin`; '' closes it. */
  readonly adminToken: string;
}

export interface ApiDeps extends Omit<UseCaseDeps, 'assignments' | 'logInsPerName' | 'random' | 'settings'> {
  readonly metrics: Metrics;
  /** `signUp` and `logInPerAddress` count per client address, `logInPerName` per user name, `api` per user (or address before log-in). */
  readonly rateLimits: RateLimits & { readonly logInPerName: UseCaseDeps['logInsPerName'] };
  readonly readiness: readonly ReadinessCheck[];
  /** 0 inclusive to 1 exclusive; `Math.random` when left out. */
  readonly random?: (() => number) | undefined;
  readonly settings: ApiSettings;
}

/**
 * The HTTP API and, with `webRoot`, the web client. Ready to listen; holds nothing that has to be stopped.
 * ```
 * request → context → access log → security headers → CORS → route: caller → rate limit → revoked? → body → schema → use case → answer
 *                                                          └ 405, web client, 404 ─────────────── any error → ErrorBody
 * ```
 */
export function createApp(deps: ApiDeps): Express {
  const { settings, rateLimits } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('trust proxy', settings.trustedProxies);
  app.use(startContext(deps.clock), logAccess(deps), setSecurityHeaders(), allowOrigins(settings.corsOrigins));
  mountRoutes(app, createRoutes(useCaseDepsOf(deps)), { deps, rateLimits, adminToken: settings.adminToken });
  if (settings.webRoot !== undefined) app.use(serveWebFiles(settings.webRoot), serveWebPage(settings.webRoot));
  app.use(refuseUnknownPath);
  app.use(answerErrors(deps.logger));
  return app;
}

function useCaseDepsOf(deps: ApiDeps): ApiDeps & UseCaseDeps {
  return {
    ...deps,
    assignments: new RecentAssignments(),
    logInsPerName: deps.rateLimits.logInPerName,
    random: deps.random ?? Math.random,
  };
}
