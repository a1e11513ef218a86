import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { assembleApi } from '../../api/assemble.js';
import { createNodeClient } from '../../client/node.js';
import type { ClientOptions, WarrenClient } from '../../client/mod.js';
import { Argon2PasswordHasher } from '../../shared/adapters/argon2/password-hasher.js';
import { createAccessTokens } from '../../shared/adapters/jwt/access-token.js';
import { MemoryRateLimiter } from '../../shared/adapters/memory/rate-limiter.js';
import { createMetrics } from '../../shared/adapters/prometheus/metrics.js';
import type { Service } from '../../shared/runtime/service.js';
import { WORLD_SECRET, type ChatWorld, type WorldUser } from './chat-world.js';

const PASSWORD = 'a burrow of tests';
const TTL_MS = 3_600_000;

/** The HTTP API of a chat world, and SDK clients that find its servers. */
export class WorldApi {
  readonly #world: ChatWorld;
  readonly #api: Service & { readonly port: number };
  readonly #clients: WarrenClient[] = [];

  private constructor(world: ChatWorld) {
    this.#world = world;
    this.#api = createApi(world);
  }

  static async start(world: ChatWorld): Promise<WorldApi> {
    const api = new WorldApi(world);
    await api.#api.start();
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#api.port}`;
  }

  /** A client that has signed up and not connected yet. */
  async signUp(name: string, options: Partial<ClientOptions> = {}): Promise<{ readonly client: WarrenClient; readonly user: WorldUser }> {
    const { servers } = this.#world;
    class Socket extends WebSocket {
      /** The servers' public URLs are those of a gateway that is not there. */
      constructor(url: string) {
        const named = servers.find(({ serverId }) => new URL(url).searchParams.get('server') === serverId);
        super(named?.url ?? url, { perMessageDeflate: false });
      }
    }
    const client = createNodeClient({ baseUrl: this.url, WebSocket: Socket, ...options });
    this.#clients.push(client);
    const username = `${name}-${randomUUID().slice(0, 8)}`;
    const { id } = await client.signUp({ username, displayName: name, password: PASSWORD });
    return { client, user: { userId: id, name } };
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) await client.close();
    await this.#api.stop();
  }
}

function createApi(world: ChatWorld): Service & { readonly port: number } {
  const limiter = (): MemoryRateLimiter => new MemoryRateLimiter({ points: 10_000, windowMs: 1_000 });
  return assembleApi(
    {
      ...world.tools,
      metrics: createMetrics({ process: 'api' }),
      passwords: new Argon2PasswordHasher(),
      accessTokens: createAccessTokens({ secret: WORLD_SECRET, ttlMs: TTL_MS }),
      rateLimits: { signUp: limiter(), logInPerName: limiter(), logInPerAddress: limiter(), api: limiter() },
      readiness: [],
    },
    {
      host: '127.0.0.1',
      port: 0,
      api: {
        accessTtlMs: TTL_MS,
        refreshTtlMs: TTL_MS,
        ticketTtlMs: 30_000,
        maxChannelMembers: 100,
        region: 'local',
        corsOrigins: [],
        trustedProxies: 'loopback',
        adminToken: '',
      },
    },
  );
}
