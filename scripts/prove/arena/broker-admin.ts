import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { needProgram } from '../../services/binaries.js';
import { productEnvironment } from '../../services/private-service.js';

export interface BrokerAdminOptions {
  readonly managementUrl: string;
  readonly amqpUrl: string;
  /** Where the broker keeps its data: its cookie lies there too. */
  readonly dataFolder: string;
  readonly epmdPort: number;
}

const CONTROL = ['/usr/lib/rabbitmq/bin/rabbitmqctl', '/opt/rabbitmq/sbin/rabbitmqctl', 'rabbitmqctl'];
const NODE_NAME = 'warren@localhost';

/** What an operator can do to a broker: by the management page, and by rabbitmqctl. */
export class BrokerAdmin {
  readonly #options: BrokerAdminOptions;

  constructor(options: BrokerAdminOptions) {
    this.#options = options;
  }

  /** Closes every client connection; how many there were. */
  async closeConnections(): Promise<number> {
    const connections = (await this.#call('GET', 'connections')) as readonly { readonly name: string }[];
    for (const { name } of connections) await this.#call('DELETE', `connections/${encodeURIComponent(name)}`);
    return connections.length;
  }

  async version(): Promise<string> {
    const overview = (await this.#call('GET', 'overview')) as { readonly rabbitmq_version?: string };
    return overview.rabbitmq_version ?? 'unknown';
  }

  async deleteQueue(name: string): Promise<void> {
    await this.#call('DELETE', `queues/%2F/${encodeURIComponent(name)}`);
  }

  /** Messages in all persist queues that the archiver has not acknowledged. */
  async countUnarchived(prefix = 'chat.archive.'): Promise<number> {
    const queues = (await this.#call('GET', 'queues')) as readonly { readonly name: string; readonly messages?: number }[];
    const mine = queues.filter(({ name }) => name.startsWith(prefix) && /\d$/.test(name));
    return mine.reduce((sum, { messages }) => sum + (messages ?? 0), 0);
  }

  /** 0 raises the memory alarm: publishers are not read any more. */
  async setMemoryWatermark(share: number): Promise<void> {
    const { dataFolder, epmdPort } = this.#options;
    const env = productEnvironment({ HOME: dataFolder, ERL_EPMD_PORT: String(epmdPort) });
    const args = ['-n', NODE_NAME, 'set_vm_memory_high_watermark', String(share)];
    await promisify(execFile)(needProgram(...CONTROL), args, { env });
  }

  async #call(method: 'GET' | 'DELETE', path: string): Promise<unknown> {
    const { managementUrl, amqpUrl } = this.#options;
    const { username, password } = new URL(amqpUrl);
    const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
    const response = await fetch(`${managementUrl}api/${path}`, { method, headers: { authorization } });
    const text = await response.text();
    if (!response.ok && response.status !== 404) throw new Error(`the management page answered ${response.status} to ${method} ${path}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }
}
