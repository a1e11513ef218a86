import { randomUUID } from 'node:crypto';
import { WEBSOCKET_ENGINES, type WebSocketEngineName } from '../../server/transport/websocket/websocket-transport.js';
import { describeWith } from './products.js';
import { ChatWorld } from './chat-world.js';
import { newSession, post } from './sockjs-http.js';

export const PING = '{"type":"ping"}';
/** The answer to a ping, in a frame. */
export const PONG_FRAME = 'a["{\\"type\\":\\"pong\\"}"]';

/** A SockJS service of Warren: one in this process, or the one that WARREN_PROTOCOL_URL names (its origin; it has to allow all origins). */
export interface SockJsService {
  /** Such as `http://localhost:8080/sockjs`. */
  readonly base: string;
  /** Such as `ws://localhost:8080/ws`. */
  readonly ws: string;
  /** A frame that logs a user in. */
  connectFrame(): Promise<string>;
}

/** A `describe` for cases of a protocol, of SockJS as written down in the sockjs-protocol test list. */
export function describeSockJs(title: string, define: (service: () => SockJsService) => void, engine?: WebSocketEngineName): void {
  const url = process.env['WARREN_PROTOCOL_URL'];
  if (url !== undefined && url !== '') {
    const service = remoteService(url);
    describe(title, () => define(() => service));
    return;
  }
  describeWith('amqp', title, () => {
    describeWith('redis', 'of a server in this process', () => {
      let world: ChatWorld;
      let service: SockJsService;
      before(async () => {
        world = await new ChatWorld().start({ servers: 1, worker: false, ...(engine === undefined ? {} : { engine }) });
        service = serviceOf(world, 0);
      });
      after(() => world.stop());
      define(() => service);
    });
  });
}

/** The same for what is below SockJS, once with each engine of ours. */
export function describeWebSocket(title: string, define: (service: () => SockJsService) => void): void {
  if ((process.env['WARREN_PROTOCOL_URL'] ?? '') !== '') describeSockJs(title, define);
  else for (const engine of WEBSOCKET_ENGINES) describeSockJs(`${title}, engine ${engine}`, define, engine);
}

export function serviceOf(world: ChatWorld, server: number): SockJsService {
  return {
    base: (world.servers[server]?.url ?? '').replace(/^ws/, 'http').replace(/\/ws$/, '/sockjs'),
    ws: world.servers[server]?.url ?? '',
    connectFrame: async () => JSON.stringify({ type: 'connect', version: 1, token: world.token(await world.user('alice')) }),
  };
}

/** Frames of one device: more sessions than ten of it would end the oldest, and sign-ups are limited. */
const FRAMES_PER_USER = 8;

function remoteService(url: string): SockJsService {
  const origin = url.replace(/\/$/, '');
  let count = 0;
  let token: Promise<unknown> = Promise.resolve('');
  return {
    base: `${origin}/sockjs`,
    ws: `${origin.replace(/^http/, 'ws')}/ws`,
    connectFrame: async () => {
      if (count++ % FRAMES_PER_USER === 0) token = signUp(origin);
      return JSON.stringify({ type: 'connect', version: 1, token: await token });
    },
  };
}

async function signUp(origin: string): Promise<unknown> {
  const user = { username: `p${randomUUID().replaceAll('-', '').slice(0, 20)}`, password: randomUUID(), displayName: 'Protocol' };
  await callApi(`${origin}/v1/users`, user);
  const { username, password } = user;
  return (await callApi(`${origin}/v1/sessions`, { username, password }))['accessToken'];
}

async function callApi(url: string, body: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>> {
  const answer = await post(url, JSON.stringify(body), { 'content-type': 'application/json' });
  return JSON.parse(answer.body) as Readonly<Record<string, unknown>>;
}

/** The URL of a session over xhr that has said hello and waits for nothing. */
export async function openXhrSession(service: SockJsService): Promise<string> {
  const url = newSession(service.base);
  await post(`${url}/xhr`);
  await post(`${url}/xhr_send`, JSON.stringify([await service.connectFrame()]));
  await post(`${url}/xhr`);
  return url;
}
