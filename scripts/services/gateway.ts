import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { renderGateway, type Endpoint } from '../gateway/render.js';
import { needProgram } from './binaries.js';
import { createPrivateService, productEnvironment, type PrivateService, type PrivateServiceOptions } from './private-service.js';
import { probePort } from './probes.js';

export interface GatewayOptions extends PrivateServiceOptions {
  readonly port: number;
  /** `loopback` answers this machine only. */
  readonly reach: 'loopback' | 'network';
  readonly template: string;
  readonly servers: readonly Endpoint[];
  readonly apis: readonly Endpoint[];
}

/** A private nginx in the foreground, its configuration rendered before every start. */
export function createGateway(options: GatewayOptions): PrivateService {
  const { data, port } = options;
  const configuration = join(data, 'nginx.conf');
  const prepare = (): Promise<void> => {
    for (const folder of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) mkdirSync(join(data, folder), { recursive: true, mode: 0o700 });
    writeFileSync(configuration, renderConfiguration(options), { mode: 0o600 });
    return Promise.resolve();
  };
  return createPrivateService({
    name: 'gateway',
    url: `http://localhost:${port}`,
    dataFolder: data,
    folders: options,
    prepare,
    specs: [
      {
        name: 'gateway',
        command: needProgram('nginx'),
        args: ['-p', data, '-e', 'stderr', '-c', configuration],
        env: productEnvironment({}),
        cwd: data,
        healthy: () => probePort(port),
        healthyWithinMs: 15_000,
        stopWithinMs: 5000,
        advice: `is port ${port} taken? choose another one with --port.`,
      },
    ],
  });
}

function renderConfiguration(options: GatewayOptions): string {
  const root = process.getuid?.() === 0;
  return renderGateway(readFileSync(options.template, 'utf8'), {
    servers: options.servers,
    apis: options.apis,
    listen: listenAddresses(options),
    accessLog: '/dev/stdout',
    tempFolder: options.data,
    mimeTypes: ['/etc/nginx/mime.types', '/usr/local/etc/nginx/mime.types'].find((path) => existsSync(path)) ?? 'mime.types',
    user: root ? userInfo().username : undefined,
  });
}

function listenAddresses(options: GatewayOptions): readonly string[] {
  const { port } = options;
  const six = existsSync('/proc/net/if_inet6');
  if (options.reach === 'loopback') return [`127.0.0.1:${port}`, ...(six ? [`[::1]:${port}`] : [])];
  return [String(port), ...(six ? [`[::]:${port}`] : [])];
}
