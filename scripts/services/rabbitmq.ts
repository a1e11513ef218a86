import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessSpec } from '../cluster/managed-process.js';
import { needProgram } from './binaries.js';
import { createPrivateService, productEnvironment, type PrivateService, type PrivateServiceOptions } from './private-service.js';
import { probeHttp, probePort, probeTcp } from './probes.js';

export interface RabbitmqOptions extends PrivateServiceOptions {
  readonly port: number;
  readonly managementPort: number;
  /** Erlang's inter-node port and its name daemon's: private too, so that two brokers never meet. */
  readonly distPort: number;
  readonly epmdPort: number;
  readonly user: string;
  readonly password: string;
}

export interface Rabbitmq extends PrivateService {
  /** The management page, without credentials. */
  readonly managementUrl: string;
}

/** The plain server script: the packaged wrapper in /usr/sbin switches to another user, who cannot write here. */
const SERVER_SCRIPTS = ['/usr/lib/rabbitmq/bin/rabbitmq-server', '/opt/rabbitmq/sbin/rabbitmq-server', 'rabbitmq-server'];
const NODE_NAME = 'warren@localhost';

/** RabbitMQ with the management page on the loopback address. The user is made on the first start of an empty folder. */
export function createRabbitmq(options: RabbitmqOptions): Rabbitmq {
  const { port, managementPort, user, password, data } = options;
  const managementUrl = `http://127.0.0.1:${managementPort}/`;
  const service = createPrivateService({
    name: 'rabbitmq',
    url: `amqp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    dataFolder: data,
    folders: options,
    prepare: () => {
      writeConfiguration(options);
      return Promise.resolve();
    },
    specs: [nameDaemon(options), broker(options, managementUrl)],
  });
  return { ...service, managementUrl };
}

/** Erlang would start its name daemon by itself and leave it behind; ours is stopped with the broker. */
function nameDaemon(options: RabbitmqOptions): ProcessSpec {
  return {
    name: 'epmd',
    command: needProgram('epmd', '/usr/lib/erlang/bin/epmd'),
    args: ['-port', String(options.epmdPort), '-address', '127.0.0.1'],
    env: productEnvironment({}),
    cwd: options.data,
    healthy: () => probePort(options.epmdPort),
    healthyWithinMs: 10_000,
    stopWithinMs: 2000,
  };
}

function broker(options: RabbitmqOptions, managementUrl: string): ProcessSpec {
  const basic = Buffer.from(`${options.user}:${options.password}`).toString('base64');
  const healthy = async (): Promise<boolean> =>
    (await answersAmqp(options.port)) && (await probeHttp(`${managementUrl}api/whoami`, { authorization: `Basic ${basic}` }));
  return {
    name: 'rabbitmq',
    command: needProgram(...SERVER_SCRIPTS),
    args: [],
    env: brokerEnvironment(options),
    cwd: options.data,
    healthy,
    healthyWithinMs: 90_000,
    stopWithinMs: 30_000,
    advice: 'look at the log above, or point AMQP_URL at a RabbitMQ of your own.',
  };
}

function brokerEnvironment(options: RabbitmqOptions): NodeJS.ProcessEnv {
  const { data } = options;
  return productEnvironment({
    HOME: data,
    RABBITMQ_NODENAME: NODE_NAME,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(options.port),
    RABBITMQ_DIST_PORT: String(options.distPort),
    RABBITMQ_MNESIA_BASE: join(data, 'mnesia'),
    RABBITMQ_LOG_BASE: join(data, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONFIG_FILE: join(data, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(data, 'enabled_plugins'),
    RABBITMQ_CONF_ENV_FILE: join(data, 'rabbitmq-env.conf'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    ERL_EPMD_PORT: String(options.epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    // Run the Erlang machine in place of the shell: it stops cleanly on SIGTERM, without a second one for rabbitmqctl.
    RUNNING_UNDER_SYSTEMD: 'true',
  });
}

function writeConfiguration(options: RabbitmqOptions): void {
  const { data } = options;
  mkdirSync(join(data, 'log'), { recursive: true, mode: 0o700 });
  const lines = [
    `listeners.tcp.default = 127.0.0.1:${options.port}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${options.managementPort}`,
    `default_user = ${options.user}`,
    `default_pass = ${options.password}`,
    'default_user_tags.administrator = true',
    'vm_memory_high_watermark.relative = 0.3',
    'disk_free_limit.absolute = 500MB',
    'log.console = true',
    'log.console.level = info',
    'log.file = false',
  ];
  writeFileSync(join(data, 'rabbitmq.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
  writeFileSync(join(data, 'enabled_plugins'), '[rabbitmq_management].\n', { mode: 0o600 });
  writeFileSync(join(data, 'rabbitmq-env.conf'), '# Empty: keeps the machine-wide file out.\n', { mode: 0o600 });
}

/** The broker answers a protocol header with connection.start: a method frame, type 1. */
function answersAmqp(port: number): Promise<boolean> {
  return probeTcp({ port, request: 'AMQP\0\0\u0009\u0001', accepts: (answer) => answer[0] === 1 });
}
