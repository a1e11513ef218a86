import { choice, integer, list, pattern, text } from './define.js';

/** Keys that several processes read; each process's schema is put together below. */
const HOST = text('Address to listen on.', { fallback: '127.0.0.1' });
const LOG_LEVEL = choice('Least severe log level that is written.', { of: ['debug', 'info', 'warn', 'error'], fallback: 'info' });
const AMQP_URL = text('RabbitMQ, e.g. `amqp://user:password@host:5672/vhost`.', { secret: true });
const AMQP_PREFIX = pattern('First word of every exchange and queue name.', { matches: /^[a-z0-9._-]{1,40}$/, fallback: 'chat' });
const REDIS_URL = text('Redis 7.0 or newer, e.g. `redis://host:6379/0`.', { secret: true });
const REDIS_PREFIX = text('Prefix of every Redis key.', { fallback: 'warren:' });
const SQL_URL = pattern('People, teams, channels, devices: `mysql://user:password@host/database` or `sqlite:<path>`.', {
  matches: /^(mysql:\/\/|sqlite:).+/,
  secret: true,
});
const MESSAGES_URL = pattern('Messages: `mongodb://host/database` or `sqlite:<path>`.', {
  matches: /^(mongodb(\+srv)?:\/\/|sqlite:).+/,
  secret: true,
});
const JWT_SECRET = pattern('Signs access tokens (HS256); the same in every process. At least 32 characters.', {
  matches: /^.{32,}$/,
  secret: true,
});
const PARTITIONS = integer(
  'Persist partitions: queues `chat.archive.<n>`. More of them let more workers store side by side, and make every batch smaller. The same in every process; see docs/operations before changing it.',
  {
    min: 1,
    max: 64,
    fallback: '1',
  },
);
const REGION = pattern('Region of this process; discovery prefers servers of the client’s region.', {
  matches: /^[a-z0-9-]{1,32}$/,
  fallback: 'local',
});
const NODE_ENVIRONMENT = {
  HOST,
  LOG_LEVEL,
  AMQP_URL,
  AMQP_PREFIX,
  REDIS_URL,
  REDIS_PREFIX,
  SQL_URL,
  MESSAGES_URL,
  PARTITIONS,
};

export const SERVER_CONFIG = {
  ...NODE_ENVIRONMENT,
  SERVER_ID: pattern('Name of this chat server, unique in the cluster: its queue is `chat.queue.<SERVER_ID>`.', {
    matches: /^[a-z0-9][a-z0-9-]{0,31}$/,
  }),
  PORT: integer('Port of the WebSocket endpoint, health and metrics.', { min: 0, max: 65535, fallback: '9101' }),
  PUBLIC_WS_URL: pattern('Where clients reach this server, e.g. `ws://chat.example.com/ws?server=server1`.', { matches: /^wss?:\/\// }),
  REGION,
  JWT_SECRET,
  MAX_CONNECTIONS: integer('Connections this server takes; more are refused with OVERLOADED.', {
    min: 1,
    max: 1_000_000,
    fallback: '20000',
  }),
  MAX_CONNECTIONS_PER_ADDRESS: integer(
    'Connections of one client address; more are refused. Generous, because a whole office or mobile network may share an address.',
    { min: 1, max: 1_000_000, fallback: '2000' },
  ),
  MAX_PENDING_CONNECTIONS: integer(
    'Connections that may be without a connect frame at one time (each for 5 seconds at most); more are refused.',
    {
      min: 1,
      max: 1_000_000,
      fallback: '5000',
    },
  ),
  INTERNAL_URL: pattern(
    'Where the other chat servers reach this one, e.g. `http://10.0.0.5:9101`: SockJS requests that came to the wrong server are passed on. Empty: HOST, or this machine’s first address, and PORT.',
    { matches: /^(https?:\/\/[^\s/]+)?$/, fallback: '' },
  ),
  HEARTBEAT_INTERVAL_MS: integer('Clients ping this often.', { min: 1000, max: 300_000, fallback: '25000' }),
  HEARTBEAT_TIMEOUT_MS: integer('A connection without any frame for this long is closed.', { min: 2000, max: 600_000, fallback: '55000' }),
  WEBSOCKET_ENGINE: choice(
    'What speaks WebSocket: `ws` is the library, `lean` our own frames on bare sockets, which takes less memory and CPU per connection.',
    { of: ['ws', 'lean'], fallback: 'ws' },
  ),
  SENDS_PER_SECOND: integer('Messages, edits and reactions per second and user on this server, sustained; bursts of five times as many.', {
    min: 1,
    max: 1_000_000,
    fallback: '50',
  }),
  OUTBOX_BYTES: integer('Bytes that may wait for one slow connection before it is closed with SLOW_CONSUMER.', {
    min: 65_536,
    max: 268_435_456,
    fallback: '4194304',
  }),
  LEASE_MS: integer('A server that has not renewed its lease for this long counts as gone.', { min: 1000, max: 60_000, fallback: '6000' }),
  DRAIN_MS: integer('On SIGTERM, clients are moved elsewhere spread over this time.', { min: 0, max: 600_000, fallback: '5000' }),
  PRESENCE_GRACE_MS: integer('Somebody without any session in the cluster for this long is shown as offline.', {
    min: 1000,
    max: 3_600_000,
    fallback: '30000',
  }),
  ALLOWED_ORIGINS: list('Browser origins that may connect, besides the origin of PUBLIC_WS_URL; `*` for all.'),
} as const;

export const API_CONFIG = {
  ...NODE_ENVIRONMENT,
  PORT: integer('Port of the HTTP API.', { min: 0, max: 65535, fallback: '9201' }),
  REGION,
  JWT_SECRET,
  ACCESS_TTL_S: integer('Life of an access token, in seconds.', { min: 30, max: 86_400, fallback: '900' }),
  REFRESH_TTL_S: integer('Life of a refresh token, in seconds.', { min: 600, max: 31_536_000, fallback: '2592000' }),
  MAX_CHANNEL_MEMBERS: integer('Members a channel or group may have.', { min: 2, max: 10_000, fallback: '100' }),
  SIGN_UPS_PER_HOUR: integer('Sign-ups per client address and hour.', { min: 1, max: 1_000_000, fallback: '60' }),
  LOG_INS_PER_MINUTE: integer('Log-in attempts per user name, and ten times as many per client address, and minute.', {
    min: 1,
    max: 1_000_000,
    fallback: '10',
  }),
  REQUESTS_PER_SECOND: integer('API requests per user (or client address before log-in) and second; bursts of ten times as many.', {
    min: 1,
    max: 1_000_000,
    fallback: '20',
  }),
  CORS_ORIGINS: list('Origins of browser front ends served from elsewhere.'),
  TRUSTED_PROXIES: text('Proxies whose X-Forwarded-For is believed: Express `trust proxy` value.', { fallback: 'loopback' }),
  ADMIN_TOKEN: pattern('Bearer token of the administrators’ routes (`/v1/admin`), at least 32 characters; empty closes them.', {
    matches: /^(.{32,})?$/,
    fallback: '',
    secret: true,
  }),
  WEB_ROOT: text('Folder of the built web client; empty serves none.', { fallback: 'web/dist' }),
} as const;

export const WORKER_CONFIG = {
  ...NODE_ENVIRONMENT,
  PORT: integer('Port of health and metrics.', { min: 0, max: 65535, fallback: '9301' }),
  ARCHIVE_PREFETCH: integer(
    'Batches that a worker holds until they are stored and put right, of all partitions together, of 256 KiB or one message each.',
    {
      min: 1,
      max: 5000,
      fallback: '1200',
    },
  ),
} as const;
