import { join } from 'node:path';
import { PortAllocator } from '../../../scripts/cluster/ports.js';
import { findProgram } from '../../../scripts/services/binaries.js';
import { createMariadb } from '../../../scripts/services/mariadb.js';
import type { PrivateService } from '../../../scripts/services/private-service.js';
import { createRabbitmq } from '../../../scripts/services/rabbitmq.js';
import { createRedis } from '../../../scripts/services/redis.js';
import { startFerretDb } from '../ferretdb.js';
import { PRODUCT_VARIABLES, type Product } from '../products.js';

/** What the tests get to know: a URL for each product that runs, the reason for each that does not. */
export type ProductEnvironment = Readonly<Record<string, string>>;

const PASSWORD = 'warren';
/** The first build downloads and compiles; the tests do not wait for ever. */
const FERRETDB_MS = 180_000;

interface Running {
  readonly url: string;
  /** RabbitMQ's page, without credentials. */
  readonly managementUrl?: string;
  stop(): Promise<void>;
}

/** Private RabbitMQ, Redis, MariaDB and a MongoDB-compatible server, for as long as the tests run. */
export class TestProducts {
  readonly #folder: string;
  readonly #running: Running[] = [];
  readonly #ports = new PortAllocator();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Never rejects: a product that does not start is left out, with the reason. Those given by environment are used as they are. */
  async start(): Promise<ProductEnvironment> {
    const results = await Promise.all([
      this.#offer('redis', () => this.#startService(() => this.#redis())),
      this.#offer('amqp', () => this.#startService(() => this.#rabbitmq())),
      this.#offer('mysql', () => this.#startService(() => this.#mariadb())),
      this.#offer('mongo', () => this.#startMongo()),
    ]);
    return Object.assign({}, ...results) as ProductEnvironment;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((one) => one.stop()));
  }

  async #offer(product: Product, start: () => Promise<Running>): Promise<ProductEnvironment> {
    const variables = PRODUCT_VARIABLES[product];
    if ((process.env[variables.url] ?? '') !== '') return {};
    try {
      const running = await start();
      this.#running.push(running);
      return { [variables.url]: running.url, ...managementEnvironment(running) };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      process.stdout.write(`${text}\n`);
      return { [variables.reason]: text.split('\n')[0] ?? '' };
    }
  }

  async #startService(create: () => Promise<PrivateService>): Promise<Running> {
    const service = await create();
    await service.start();
    return service;
  }

  async #redis(): Promise<PrivateService> {
    return createRedis({ ...this.#folders('redis'), port: await this.#ports.take('redis', 0) });
  }

  async #rabbitmq(): Promise<PrivateService> {
    return createRabbitmq({
      ...this.#folders('rabbitmq'),
      port: await this.#ports.take('amqp', 0),
      managementPort: await this.#ports.take('management', 0),
      distPort: await this.#ports.take('dist', 0),
      epmdPort: await this.#ports.take('epmd', 0),
      user: 'warren',
      password: PASSWORD,
    });
  }

  async #mariadb(): Promise<PrivateService> {
    const port = await this.#ports.take('mariadb', 0);
    return createMariadb({ ...this.#folders('mariadb'), port, database: 'warren', user: 'warren', password: PASSWORD, rights: 'all' });
  }

  async #startMongo(): Promise<Running> {
    if (findProgram('go') === undefined) throw new Error('no MongoDB given by WARREN_TEST_MONGO_URL, and no Go to build FerretDB with');
    const starting = startFerretDb();
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`FerretDB was not built and started within ${FERRETDB_MS / 1000} s`)), FERRETDB_MS).unref();
    });
    return Promise.race([starting, late]);
  }

  #folders(name: string): { readonly data: string; readonly logs: string; readonly run: string } {
    return { data: join(this.#folder, 'data', name), logs: join(this.#folder, 'logs'), run: join(this.#folder, 'run') };
  }
}

/** Tests that close connections from outside need the management page, with the same user. */
function managementEnvironment({ url, managementUrl }: Running): ProductEnvironment {
  if (managementUrl === undefined) return {};
  const { username, password } = new URL(url);
  const page = Object.assign(new URL(managementUrl), { username, password });
  return { WARREN_TEST_AMQP_MANAGEMENT_URL: page.href };
}
