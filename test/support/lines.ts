import { TcpProxy } from '../../scripts/prove/arena/tcp-proxy.js';
import { productUrl, type Product } from './products.js';

/** The network of one process: its way to RabbitMQ and its way to Redis, each of which can be broken. */
export class Lines {
  readonly #proxies: { readonly amqp: TcpProxy; readonly redis: TcpProxy };

  private constructor(proxies: { readonly amqp: TcpProxy; readonly redis: TcpProxy }) {
    this.#proxies = proxies;
  }

  static async open(): Promise<Lines> {
    const lines = new Lines({ amqp: await TcpProxy.listen(), redis: await TcpProxy.listen() });
    lines.mend();
    return lines;
  }

  get amqp(): string {
    return this.#urlOf('amqp');
  }

  get redis(): string {
    return this.#urlOf('redis');
  }

  /** Connections end, and new ones are refused until `mend`. */
  break(...which: readonly ('amqp' | 'redis')[]): void {
    for (const one of which) {
      this.#proxies[one].pointNowhere();
      this.#proxies[one].cut();
    }
  }

  /** Connections stay open and carry nothing any more; new ones are fine. */
  swallow(...which: readonly ('amqp' | 'redis')[]): void {
    for (const one of which) this.#proxies[one].blackhole();
  }

  /** Connections end; new ones are taken. */
  cut(...which: readonly ('amqp' | 'redis')[]): void {
    for (const one of which) this.#proxies[one].cut();
  }

  impair(passage: Parameters<TcpProxy['impair']>[0]): void {
    for (const proxy of Object.values(this.#proxies)) proxy.impair(passage);
  }

  /** Good again, but for connections that carry nothing: those end. */
  mend(): void {
    for (const product of ['amqp', 'redis'] as const) {
      const { hostname, port } = new URL(urlOf(product));
      this.#proxies[product].pointAt(Number(port), hostname);
      this.#proxies[product].heal();
      this.#proxies[product].dropBlackholes();
    }
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#proxies).map((proxy) => proxy.close()));
  }

  #urlOf(product: 'amqp' | 'redis'): string {
    const url = new URL(urlOf(product));
    url.hostname = '127.0.0.1';
    url.port = String(this.#proxies[product].port);
    return url.href;
  }
}

function urlOf(product: Product): string {
  return productUrl(product) ?? '';
}
