import { randomUUID } from 'node:crypto';
import type { ChannelId, DeviceId } from '../../shared/domain/ids.js';
import { ChatWorld, type WorldUser } from './chat-world.js';
import { stompUrl } from './official-stomp.js';
import { describeWith } from './products.js';
import { StompWire, type WireHeaders } from './stomp-wire.js';

/** One device of one user. */
export interface Person {
  readonly userId: string;
  readonly token: string;
  /** A fresh ticket of the device. */
  ticket(): Promise<string>;
}

/** A STOMP service of Warren: one in this process, or the one that WARREN_PROTOCOL_URL names (the origin of its gateway). */
export interface StompService {
  readonly url: string;
  /** Two people who are there for all cases. */
  readonly alice: Person;
  readonly bob: Person;
  channel(...people: readonly Person[]): Promise<ChannelId>;
}

/** A `describe` for cases of STOMP against any server. */
export function describeStomp(title: string, define: (service: () => StompService) => void): void {
  const url = process.env['WARREN_PROTOCOL_URL'];
  if (url !== undefined && url !== '') {
    describe(title, () => {
      let service: StompService;
      before(async () => {
        service = await openRemote(url.replace(/\/$/, ''));
      });
      define(() => service);
    });
    return;
  }
  describeWith('amqp', title, () => {
    describeWith('redis', 'of a server in this process', () => {
      let world: ChatWorld;
      let service: StompService;
      before(async () => {
        world = await new ChatWorld().start({ servers: 1 });
        service = await openLocal(world);
      });
      after(() => world.stop());
      define(() => service);
    });
  });
}

/** The connections of one case: all are cut off at its end. */
export class Connections {
  readonly #service: () => StompService;
  readonly #wires: StompWire[] = [];

  constructor(service: () => StompService) {
    this.#service = service;
    afterEach(() => {
      for (const wire of this.#wires.splice(0)) wire.destroy();
    });
  }

  async open(protocols?: readonly string[]): Promise<StompWire> {
    const wire = await StompWire.open(this.#service().url, protocols);
    this.#wires.push(wire);
    return wire;
  }

  /** After CONNECTED. */
  async connect(person: Person, headers: WireHeaders = { 'accept-version': '1.2' }): Promise<StompWire> {
    const wire = await this.open();
    wire.send('CONNECT', { ...headers, Authorization: `Bearer ${person.token}` });
    await wire.next('CONNECTED');
    return wire;
  }

  /** Subscribed to the channel as `s`. */
  async subscribe(person: Person, channelId: ChannelId, headers: WireHeaders = {}): Promise<StompWire> {
    const wire = await this.connect(person);
    await wire.ask('SUBSCRIBE', { id: 's', destination: `/topic/channels.${channelId}`, ...headers });
    return wire;
  }
}

async function openLocal(world: ChatWorld): Promise<StompService> {
  const people = new Map<Person, WorldUser>();
  const invite = async (name: string): Promise<Person> => {
    const user = await world.user(name);
    const deviceId = world.tools.ids.next() as DeviceId;
    const ticket = async (): Promise<string> => {
      const text = randomUUID();
      await world.tools.tickets.issue(text, { userId: user.userId, deviceId }, 60_000);
      return text;
    };
    const person = { userId: user.userId, token: world.token(user, deviceId), ticket };
    people.set(person, user);
    return person;
  };
  return {
    url: stompUrl(world.servers[0]?.url ?? ''),
    alice: await invite('alice'),
    bob: await invite('bob'),
    channel: (...members) => world.channel(...members.map((person) => people.get(person) as WorldUser)),
  };
}

async function openRemote(origin: string): Promise<StompService> {
  return {
    url: `${origin.replace(/^http/, 'ws')}/stomp`,
    alice: await signUp(origin),
    bob: await signUp(origin),
    channel: async (...people) => {
      const [first, ...others] = people;
      const body = { name: 'protocol', userIds: others.map(({ userId }) => userId) };
      // A group has two members at least.
      if (others.length === 0) body.userIds = [(await signUp(origin)).userId];
      const { channel } = await callApi<{ readonly channel: { readonly id: ChannelId } }>(`${origin}/v1/groups`, body, first?.token);
      return channel.id;
    },
  };
}

async function signUp(origin: string): Promise<Person> {
  const user = { username: `p${randomUUID().replaceAll('-', '').slice(0, 20)}`, password: randomUUID(), displayName: 'Protocol' };
  const signed = await callApi<{ readonly user: { readonly id: string } }>(`${origin}/v1/users`, user);
  const { username, password } = user;
  const { accessToken: token } = await callApi<{ readonly accessToken: string }>(`${origin}/v1/sessions`, { username, password });
  const ticket = async (): Promise<string> => (await callApi<{ readonly ticket: string }>(`${origin}/v1/tickets`, {}, token)).ticket;
  return { userId: signed.user.id, token, ticket };
}

async function callApi<T>(url: string, body: object, token?: string): Promise<T> {
  const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
