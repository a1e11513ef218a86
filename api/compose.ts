import { existsSync } from 'node:fs';
import { Argon2PasswordHasher } from '../shared/adapters/argon2/password-hasher.js';
import { createAccessTokens } from '../shared/adapters/jwt/access-token.js';
import { createMetrics } from '../shared/adapters/prometheus/metrics.js';
import { RedisRateLimiter } from '../shared/adapters/redis/index.js';
import { openInfrastructure } from '../shared/composition/infrastructure.js';
import type { ConfigOf } from '../shared/config/define.js';
import type { API_CONFIG } from '../shared/config/schemas.js';
import type { Logger } from '../shared/ports/index.js';
import { composeServices, type Service } from '../shared/runtime/service.js';
import { assembleApi } from './assemble.js';

const TICKET_TTL_MS = 30_000;

/** An API process on the real products. */
export async function composeApi(config: ConfigOf<typeof API_CONFIG>, logger: Logger): Promise<Service> {
  const infrastructure = await openInfrastructure(config, logger);
  const { redis } = infrastructure;
  const perMinute = config.LOG_INS_PER_MINUTE;
  const limiter = (name: string, points: number, windowMs: number): RedisRateLimiter =>
    new RedisRateLimiter(redis, { name, points, windowMs });
  const accessTtlMs = config.ACCESS_TTL_S * 1000;
  const api = assembleApi(
    {
      ...infrastructure,
      metrics: createMetrics({ process: 'api' }),
      passwords: new Argon2PasswordHasher(),
      accessTokens: createAccessTokens({ secret: config.JWT_SECRET, ttlMs: accessTtlMs }),
      rateLimits: {
        signUp: limiter('sign-up', config.SIGN_UPS_PER_HOUR, 3_600_000),
        logInPerName: limiter('log-in', perMinute, 60_000),
        logInPerAddress: limiter('log-in-address', perMinute * 10, 60_000),
        api: limiter('api', config.REQUESTS_PER_SECOND * 10, 10_000),
      },
      readiness: infrastructure.checks,
    },
    {
      host: config.HOST,
      port: config.PORT,
      api: {
        accessTtlMs,
        refreshTtlMs: config.REFRESH_TTL_S * 1000,
        ticketTtlMs: TICKET_TTL_MS,
        maxChannelMembers: config.MAX_CHANNEL_MEMBERS,
        region: config.REGION,
        corsOrigins: config.CORS_ORIGINS,
        trustedProxies: config.TRUSTED_PROXIES,
        adminToken: config.ADMIN_TOKEN,
        webRoot: existsSync(config.WEB_ROOT) ? config.WEB_ROOT : undefined,
      },
    },
  );
  return composeServices('api process', [infrastructure.service, api]);
}
