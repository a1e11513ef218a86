import { createServer } from 'node:net';

const SCAN_FIRST = 20_000;
const SCAN_SPAN = 10_000;
const TRIES = 200;

/** Whether nobody listens on the port, on the loopback address or on all of them. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '0.0.0.0'));
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Gives out ports of this machine, each at most once. They lie below the range from which the kernel takes ports for
 * outgoing connections, so that a port stays free until its process listens on it.
 */
export class PortAllocator {
  readonly #given = new Set<number>();
  readonly #moved: { readonly wanted: number; readonly port: number; readonly name: string }[] = [];

  /** Defaults that were taken by something else, and what was given instead. */
  get moved(): readonly { readonly wanted: number; readonly port: number; readonly name: string }[] {
    return this.#moved;
  }

  /** The wanted port, or another one when it is taken; any free one for 0. @throws Error when no port is free. */
  async take(name: string, wanted: number): Promise<number> {
    if (wanted !== 0 && (await this.#claim(wanted))) return wanted;
    for (let i = 0; i < TRIES; i++) {
      const port = SCAN_FIRST + Math.floor(Math.random() * SCAN_SPAN);
      if (!(await this.#claim(port))) continue;
      if (wanted !== 0) this.#moved.push({ wanted, port, name });
      return port;
    }
    throw new Error(`no free port found for ${name}`);
  }

  async #claim(port: number): Promise<boolean> {
    if (this.#given.has(port)) return false;
    this.#given.add(port);
    if (await isPortFree(port)) return true;
    this.#given.delete(port);
    return false;
  }
}
