import { join } from 'node:path';
import { findProgram } from '../services/binaries.js';
import { createMariadb } from '../services/mariadb.js';
import { createMongodb } from '../services/mongodb.js';
import type { Need } from '../services/packages.js';
import type { PrivateService } from '../services/private-service.js';
import { createRabbitmq, type Rabbitmq } from '../services/rabbitmq.js';
import { createRedis } from '../services/redis.js';
import type { ClusterLayout } from './layout.js';
import type { ClusterSettings } from './options.js';
import type { Secrets } from './secrets.js';

/** The products behind the cluster. A private one is undefined where a URL of the user's own is used instead. */
export interface Backing {
  readonly urls: { readonly amqp: string; readonly redis: string; readonly sql: string; readonly messages: string };
  readonly rabbitmq: Rabbitmq | undefined;
  readonly redis: PrivateService | undefined;
  readonly mariadb: PrivateService | undefined;
  readonly mongodb: PrivateService | undefined;
}

const BROKER_USER = 'warren';

/** What has to be installed for the services that are not given by URL. */
export function neededPackages(settings: ClusterSettings): readonly Need[] {
  const { external } = settings;
  return [
    ...(external.amqp === undefined ? (['rabbitmq'] as const) : []),
    ...(external.redis === undefined ? (['redis'] as const) : []),
    ...(external.sql === undefined ? (['mariadb'] as const) : []),
    'nginx',
  ];
}

/** Only what is needed is made; nothing is started. */
export function createBacking(parts: {
  readonly settings: ClusterSettings;
  readonly layout: ClusterLayout;
  readonly secrets: Secrets;
}): Backing {
  const { settings, layout, secrets } = parts;
  const { external } = settings;
  const rabbitmq = external.amqp === undefined ? privateRabbitmq(settings, { layout, secrets }) : undefined;
  const redis = external.redis === undefined ? createRedis({ ...folders(settings, 'redis'), port: layout.redis }) : undefined;
  const mariadb = external.sql === undefined ? privateMariadb(settings, { layout, secrets }) : undefined;
  const mongodb =
    external.messages === undefined && findProgram('mongod') !== undefined
      ? createMongodb({ ...folders(settings, 'mongodb'), port: layout.mongodb, database: 'warren' })
      : undefined;
  return {
    urls: {
      amqp: external.amqp ?? rabbitmq?.url ?? '',
      redis: external.redis ?? redis?.url ?? '',
      sql: external.sql ?? mariadb?.url ?? '',
      messages: external.messages ?? mongodb?.url ?? `sqlite:${messageFile(settings)}`,
    },
    rabbitmq,
    redis,
    mariadb,
    mongodb,
  };
}

/** The private ones, in no particular order. */
export function privateServices(backing: Backing): readonly PrivateService[] {
  return [backing.rabbitmq, backing.redis, backing.mariadb, backing.mongodb].filter((service) => service !== undefined);
}

/** The embedded message store, where there is no MongoDB. */
function messageFile(settings: ClusterSettings): string {
  return join(settings.folder, 'data', 'messages.db');
}

export function folders(settings: ClusterSettings, name: string): { readonly data: string; readonly logs: string; readonly run: string } {
  const { folder } = settings;
  return { data: join(folder, 'data', name), logs: join(folder, 'logs'), run: join(folder, 'run') };
}

type Shared = { readonly layout: ClusterLayout; readonly secrets: Secrets };

function privateRabbitmq(settings: ClusterSettings, { layout, secrets }: Shared): Rabbitmq {
  const ports = layout.rabbitmq;
  return createRabbitmq({
    ...folders(settings, 'rabbitmq'),
    port: ports.amqp,
    managementPort: ports.management,
    distPort: ports.dist,
    epmdPort: ports.epmd,
    user: BROKER_USER,
    password: secrets.rabbitmqPassword,
  });
}

function privateMariadb(settings: ClusterSettings, { layout, secrets }: Shared): PrivateService {
  return createMariadb({
    ...folders(settings, 'mariadb'),
    port: layout.mariadb,
    database: 'warren',
    user: 'warren',
    password: secrets.mariadbPassword,
    rights: 'own',
  });
}
