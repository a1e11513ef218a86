import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Express } from 'express';
import { createApp, type ApiDeps, type ApiSettings } from '../../api/app.js';
import { errorBody } from '../../api/openapi/bodies.js';
import { errorsOf } from '../../api/openapi/errors-of.js';
import { createRoutes } from '../../api/routes/index.js';
import type { Route } from '../../api/routes/route.js';
import { RecentAssignments } from '../../api/use-cases/recent-assignments.js';
import { createAccessTokens } from '../../shared/adapters/jwt/access-token.js';
import { MemoryChannelStore } from '../../shared/adapters/memory/channel-store.js';
import { MemoryDeviceStore } from '../../shared/adapters/memory/device-store.js';
import { createPeopleTables } from '../../shared/adapters/memory/people-tables.js';
import { MemoryReceiptStore } from '../../shared/adapters/memory/receipt-store.js';
import { MemoryTeamStore } from '../../shared/adapters/memory/team-store.js';
import { MemoryTraceReports } from '../../shared/adapters/memory/trace-reports.js';
import { MemoryUserStore } from '../../shared/adapters/memory/user-store.js';
import { createMetrics } from '../../shared/adapters/prometheus/metrics.js';
import { IdClock } from '../../shared/domain/ids.js';
import type { ErrorBody, SessionBody } from '../../shared/protocol/http.js';
import {
  FakeAnnouncer,
  FakeBus,
  FakeClock,
  FakeConfirmations,
  FakeInvalidations,
  FakeLogger,
  FakePasswords,
  FakeRateLimiter,
  FakeRegistry,
  FakeTickets,
  FakeTimeline,
} from './api-fakes.js';

const SETTINGS: ApiSettings = {
  accessTtlMs: 900_000,
  refreshTtlMs: 2_592_000_000,
  ticketTtlMs: 30_000,
  maxChannelMembers: 5,
  region: 'local',
  corsOrigins: ['https://app.example.com'],
  trustedProxies: 'loopback',
  adminToken: 'a token for the administrators of the tests'.replaceAll(' ', '-'),
};

export interface Asked {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array;
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** The real Express app on a port of its own; every JSON answer is held against what the OpenAPI document is made from. */
export class ApiWorld {
  readonly adminToken = SETTINGS.adminToken;
  readonly clock = new FakeClock();
  readonly tickets = new FakeTickets();
  readonly invalidations = new FakeInvalidations();
  readonly registry = new FakeRegistry();
  readonly confirmations = new FakeConfirmations(this.clock);
  readonly bus = new FakeBus();
  readonly traces = new MemoryTraceReports();
  readonly announcer = new FakeAnnouncer();
  readonly timeline = new FakeTimeline();
  readonly passwords = new FakePasswords();
  readonly logger = new FakeLogger();
  readonly rateLimits = {
    signUp: new FakeRateLimiter(),
    logInPerAddress: new FakeRateLimiter(),
    logInPerName: new FakeRateLimiter(),
    api: new FakeRateLimiter(),
  };
  readonly tables = createPeopleTables();
  readonly channels = new MemoryChannelStore(this.tables);
  readonly receipts = new MemoryReceiptStore(this.tables);
  readonly devices = new MemoryDeviceStore(this.tables);
  readonly accessTokens = createAccessTokens({ secret: 'a secret of the tests, long enough', ttlMs: SETTINGS.accessTtlMs });
  readonly app: Express;
  readonly routes: readonly Route[];
  url = '';
  #server: Server | undefined;

  constructor(options: { readonly settings?: Partial<ApiSettings>; readonly readiness?: ApiDeps['readiness'] } = {}) {
    const deps: ApiDeps = {
      users: new MemoryUserStore(this.tables),
      devices: this.devices,
      teams: new MemoryTeamStore(this.tables),
      channels: this.channels,
      receipts: this.receipts,
      invalidations: this.invalidations,
      registry: this.registry,
      tickets: this.tickets,
      confirmations: this.confirmations,
      bus: this.bus,
      traces: this.traces,
      timeline: this.timeline,
      announcer: this.announcer,
      passwords: this.passwords,
      accessTokens: this.accessTokens,
      rateLimits: this.rateLimits,
      ids: new IdClock({ node: 1, now: this.clock.now }),
      clock: this.clock,
      logger: this.logger,
      metrics: createMetrics({}),
      readiness: options.readiness ?? [],
      settings: { ...SETTINGS, ...options.settings },
    };
    this.app = createApp(deps);
    this.routes = createRoutes({
      ...deps,
      assignments: new RecentAssignments(),
      logInsPerName: this.rateLimits.logInPerName,
      random: () => 0,
    });
  }

  async start(): Promise<this> {
    const server = this.app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#server = server;
    return this;
  }

  async stop(): Promise<void> {
    if (this.#server === undefined) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async ask<T = unknown>(method: string, path: string, asked: Asked = {}): Promise<Answer<T>> {
    const response = await fetch(this.url + path, { method, headers: headersOf(asked), redirect: 'manual', ...bodyOf(asked) });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    const body: unknown = isJson ? JSON.parse(text) : text;
    if (isJson) this.#holdAgainstDocument(method, path, { status: response.status, body });
    return { status: response.status, headers: response.headers, body: body as T };
  }

  /** The error's code and status, as `403 FORBIDDEN`; the status alone when it is none. */
  async outcome(method: string, path: string, asked: Asked = {}): Promise<string> {
    const { status, body } = await this.ask<Partial<ErrorBody> | string>(method, path, asked);
    const code = typeof body === 'object' ? body.error?.code : undefined;
    return code === undefined ? String(status) : `${status} ${code}`;
  }

  async signUp(username: string): Promise<SessionBody> {
    await this.ask('POST', '/v1/users', { body: { username, password: 'correct horse' } });
    return this.logIn(username);
  }

  async logIn(username: string, more: Readonly<Record<string, string>> = {}): Promise<SessionBody> {
    const { status, body } = await this.ask<SessionBody>('POST', '/v1/sessions', {
      body: { username, password: 'correct horse', ...more },
    });
    expect(status).to.equal(201);
    return body;
  }

  #holdAgainstDocument(method: string, path: string, answer: { readonly status: number; readonly body: unknown }): void {
    const route = this.routes.find((candidate) => candidate.method === method.toLowerCase() && matches(candidate.path, path));
    const documented = route?.answers[answer.status];
    if (documented?.schema !== undefined) {
      expect(documented.schema.parse(answer.body), `${method} ${path} answers with undocumented fields`).to.deep.equal(answer.body);
      return;
    }
    const { error } = errorBody.parse(answer.body);
    expect({ error }, 'error with undocumented fields').to.deep.equal(answer.body);
    if (route !== undefined) expect(errorsOf(route), `undocumented error of ${method} ${path}`).to.include(error.code);
  }
}

function headersOf({ token, body, headers }: Asked): Record<string, string> {
  return {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
}

function bodyOf({ body, raw }: Asked): { body?: string | Uint8Array<ArrayBuffer> } {
  if (raw !== undefined) return { body: typeof raw === 'string' ? raw : new Uint8Array(raw) };
  return body === undefined ? {} : { body: JSON.stringify(body) };
}

/** Templates that name the path exactly come first in the router; the tests ask for ids that no template names. */
function matches(template: string, path: string): boolean {
  const pathname = path.split('?', 1)[0] ?? '';
  return new RegExp(`^${template.replaceAll(/:\w+/g, '[^/]+')}$`).test(pathname);
}
