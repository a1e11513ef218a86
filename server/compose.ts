import { verifyAccessToken } from '../shared/adapters/jwt/access-token.js';
import { createMetrics } from '../shared/adapters/prometheus/metrics.js';
import { openInfrastructure } from '../shared/composition/infrastructure.js';
import type { ConfigOf } from '../shared/config/define.js';
import type { SERVER_CONFIG } from '../shared/config/schemas.js';
import type { ServerId } from '../shared/domain/ids.js';
import type { Logger } from '../shared/ports/index.js';
import { composeServices, type Service } from '../shared/runtime/service.js';
import { assembleServer } from './assemble.js';
import { allowedOrigins } from './transport/origin-check.js';

/** A chat server on the real products. */
export async function composeServer(config: ConfigOf<typeof SERVER_CONFIG>, logger: Logger): Promise<Service> {
  const infrastructure = await openInfrastructure(config, logger);
  const { clock } = infrastructure;
  const server = assembleServer(
    { ...infrastructure, metrics: createMetrics({ process: 'server', server: config.SERVER_ID }) },
    {
      serverId: config.SERVER_ID as ServerId,
      host: config.HOST,
      port: config.PORT,
      publicUrl: config.PUBLIC_WS_URL,
      region: config.REGION,
      internalUrl: config.INTERNAL_URL === '' ? undefined : config.INTERNAL_URL,
      maxConnections: config.MAX_CONNECTIONS,
      maxConnectionsPerAddress: config.MAX_CONNECTIONS_PER_ADDRESS,
      maxPendingConnections: config.MAX_PENDING_CONNECTIONS,
      leaseMs: config.LEASE_MS,
      drainMs: config.DRAIN_MS,
      presenceGraceMs: config.PRESENCE_GRACE_MS,
      partitions: config.PARTITIONS,
      websocketEngine: config.WEBSOCKET_ENGINE,
      heartbeat: { intervalMs: config.HEARTBEAT_INTERVAL_MS, timeoutMs: config.HEARTBEAT_TIMEOUT_MS },
      sendsPerSecond: config.SENDS_PER_SECOND,
      outboxBytes: config.OUTBOX_BYTES,
      origins: allowedOrigins(config.PUBLIC_WS_URL, config.ALLOWED_ORIGINS),
      verifyToken: (token) => verifyAccessToken(token, config.JWT_SECRET, clock.now()),
    },
  );
  return composeServices('server process', [infrastructure.service, server]);
}
