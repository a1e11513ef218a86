import { TRANSPORTS, type TransportName } from './fallback-choice.js';
import type { Fetch } from './http.js';
import { platformTimers, type Timers } from './schedule.js';
import type { SocketConstructor } from './socket.js';
import { createMemoryStorage, type ClientStorage } from './storage.js';

export interface ClientOptions {
  /** Origin of the gateway or the API, such as `https://chat.example.com`; '' is the page's own origin. */
  readonly baseUrl: string;
  /** What outlives this client: session, cursors, unsent messages. In memory when left out. */
  readonly storage?: ClientStorage | undefined;
  readonly fetch?: Fetch | undefined;
  /** Where the platform has none (Node 20): `client/node.ts` gives the one of `ws`. */
  readonly WebSocket?: SocketConstructor | undefined;
  /** What may be used where WebSockets do not get through, from the best to the last; all three when left out. */
  readonly transports?: readonly TransportName[] | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly now?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
  readonly timers?: Timers | undefined;
  /** How this device is called in the user's list of devices. */
  readonly deviceName?: string | undefined;
  readonly region?: string | undefined;
  /** What the first frame carries: the access token (default), or a single-use ticket that costs a request of its own. */
  readonly auth?: 'token' | 'ticket' | undefined;
  /** Name and version for the server's logs. */
  readonly clientName?: string | undefined;
  /** Messages kept of each channel; those that were scrolled up to come on top. */
  readonly messagesPerChannel?: number | undefined;
  readonly pageSize?: number | undefined;
}

type MayBeMissing = 'deviceName' | 'region';

export type CompleteOptions = { readonly [Key in Exclude<keyof ClientOptions, MayBeMissing>]-?: Exclude<ClientOptions[Key], undefined> } & {
  readonly [Key in MayBeMissing]: ClientOptions[Key];
};

/** Bounds and times that nobody has had a reason to change; ms, bytes. */
export const FIXED = {
  connectTimeoutMs: 10_000,
  pongTimeoutMs: 10_000,
  probeTimeoutMs: 4_000,
  /** A server answers within milliseconds: later than this, somebody asks whether it is still there. */
  lateAckMs: 2_500,
  ackTimeoutMs: 10_000,
  answerTimeoutMs: 10_000,
  lingerMs: 1_000,
  outboxEntries: 1_000,
  outboxBytes: 8 * 1_024 * 1_024,
  failedKept: 100,
} as const;

/** @throws TypeError where the platform has no WebSocket and none is given. */
export function completeOptions(options: ClientOptions): CompleteOptions {
  const WebSocket = options.WebSocket ?? (globalThis as { readonly WebSocket?: SocketConstructor }).WebSocket;
  if (WebSocket === undefined) throw new TypeError('This platform has no WebSocket: give one by options, or use client/node.ts');
  return {
    baseUrl: options.baseUrl,
    storage: options.storage ?? createMemoryStorage(),
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    WebSocket,
    transports: options.transports ?? TRANSPORTS,
    now: options.now ?? (() => Date.now()),
    random: options.random ?? (() => Math.random()),
    timers: options.timers ?? platformTimers,
    deviceName: options.deviceName,
    region: options.region,
    auth: options.auth ?? 'token',
    clientName: options.clientName ?? 'warren-sdk/0.1.0',
    messagesPerChannel: options.messagesPerChannel ?? 500,
    pageSize: options.pageSize ?? 50,
  };
}
