import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { RedisConnection } from '../../../shared/adapters/redis/index.js';
import { loadScript } from '../../../shared/adapters/redis/script.js';
import { SilentLogger } from '../../support/silent-logger.js';

const SCRIPT = loadScript('advance-1');
const INFO = 'redis_version:7.0.0\r\nloading:0\r\n';

/** Says what a driver wants to hear before it is ready; the rest it answers when it is told to. */
class HangingRedis {
  readonly #server: Server;
  readonly #sockets: Socket[] = [];
  #owed = 0;
  #hangs = true;

  constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.push(socket);
      socket.on('error', () => undefined).on('data', (bytes) => this.#hear(socket, bytes.toString('latin1')));
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  /** Takes nothing any more. */
  freeze(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  /** All that it owes, and whatever is asked from now on. */
  answer(): void {
    this.#hangs = false;
    for (const socket of this.#sockets) socket.write(':1\r\n'.repeat(this.#owed));
  }

  #answerLater(socket: Socket): void {
    if (this.#hangs) this.#owed += 1;
    else socket.write(':1\r\n');
  }

  #hear(socket: Socket, text: string): void {
    for (const command of text.split(/\*\d+\r\n/).slice(1)) {
      const name = /^\$\d+\r\n(\w+)/.exec(command)?.[1]?.toLowerCase() ?? '';
      if (name === 'info') socket.write(`$${INFO.length}\r\n${INFO}\r\n`);
      else if (name === 'evalsha' || name === 'script' || name === 'get') this.#answerLater(socket);
      else if (name === 'hello') socket.write('*2\r\n$6\r\nserver\r\n$5\r\nredis\r\n');
      else socket.write('+OK\r\n');
    }
  }
}

describe('a Redis that hangs', () => {
  let server: HangingRedis;
  let redis: RedisConnection;
  beforeEach(async () => {
    server = new HangingRedis();
    redis = new RedisConnection({ url: await server.start(), logger: new SilentLogger(), maxUnanswered: 10 });
    await redis.client.connect();
  });
  afterEach(async () => {
    await redis.stop();
    server.stop();
  });

  const outcome = (asked: Promise<unknown>): Promise<unknown> =>
    asked.then(
      () => 'answered',
      (error: unknown) => (error as { readonly details?: { readonly reason?: string } }).details?.reason,
    );
  const run = (argument: string | Buffer = ''): Promise<unknown> => outcome(redis.run(SCRIPT, ['k'], [argument]));

  it('is owed so many answers and no more: the next commands fail at once, until it answers', async () => {
    const asked = Array.from({ length: 12 }, () => run());
    expect(await asked[11]).to.equal('redis does not answer');
    expect(await outcome(redis.execute(redis.pipeline().get('k')))).to.equal('redis does not answer');
    server.answer();
    expect(await asked[0]).to.equal('answered');
    expect(await run()).to.equal('answered');
  });

  it('and takes nothing is sent 64 MiB and no more', async () => {
    server.freeze();
    const large = Buffer.alloc(16 * 1_024 * 1_024);
    for (let n = 0; n < 6; n++) void run(large);
    expect(await run()).to.equal('redis does not answer');
  });
});
