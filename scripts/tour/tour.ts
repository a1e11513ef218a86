import type { ChannelId } from '../../client/mod.js';
import type { Cluster } from '../cluster/cluster.js';
import { Person } from './person.js';

export type TourReport = (line: string) => void;

/** What a stop of the tour found, in words, for the report. @throws Error when a promise does not hold. */
type Stop = (tour: Tour) => Promise<string>;

/**
 * A walk through a running cluster of three nodes, with the promises checked on the way: two users on two servers, a
 * direct message both ways, a group over three servers, history, a restart of everything, and the death of a server.
 */
export async function runTour(cluster: Cluster, report: TourReport): Promise<void> {
  const tour = new Tour(cluster);
  try {
    for (const [title, stop] of STOPS) {
      const found = await stop(tour);
      report(`  ✔ ${title}: ${found}`);
    }
  } finally {
    await tour.close();
  }
}

class Tour {
  readonly cluster: Cluster;
  readonly people: Person[] = [];
  dm = '' as ChannelId;
  group = '' as ChannelId;
  readonly #suffix = Date.now().toString(36);

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  async signUp(name: string): Promise<Person> {
    const person = await Person.signUp(this.cluster.url, `${name}-${this.#suffix}`);
    this.people.push(person);
    return person;
  }

  async secondDevice(of: Person): Promise<Person> {
    const person = await Person.logIn(this.cluster.url, of.name);
    this.people.push(person);
    return person;
  }

  person(n: number): Person {
    const found = this.people[n];
    if (found === undefined) throw new Error(`nobody has number ${n}`);
    return found;
  }

  async close(): Promise<void> {
    await Promise.all(this.people.map((person) => person.close()));
  }
}

const STOPS: readonly (readonly [title: string, stop: Stop])[] = [
  ['sign-up, log-in, discovery', meet],
  ['a direct message both ways', talk],
  ['a group of five, one of them on two devices', gather],
  ['history, page by page', readHistory],
  ['restart of the whole cluster', restartEverything],
  ['a server is killed', killServer],
];

async function meet(tour: Tour): Promise<string> {
  const [alice, bob] = [await tour.signUp('alice'), await tour.signUp('bob')];
  const servers = [alice.server, bob.server];
  expect(!servers.includes(undefined) && servers[0] !== servers[1], `they are on ${servers.join(' and ')}`);
  return `${alice.name} is on ${servers.join(`, ${bob.name} on `)}`;
}

async function talk(tour: Tour): Promise<string> {
  const [alice, bob] = [tour.person(0), tour.person(1)];
  tour.dm = (await alice.client.api.createDm(bob.id)).channel.id;
  const there = await alice.say(tour.dm, '안녕하세요, Bob!');
  await bob.until('the first message', () => bob.texts(tour.dm).length === 1);
  const back = await bob.say(tour.dm, '반가워요, Alice!');
  const both = ['안녕하세요, Bob!', '반가워요, Alice!'];
  for (const person of [alice, bob]) await person.until('both messages', () => isDeepEqual(person.texts(tour.dm), both));
  return `acknowledged after ${there.toFixed(1)} and ${back.toFixed(1)} ms, the same order on both screens`;
}

async function gather(tour: Tour): Promise<string> {
  for (const name of ['carol', 'dave', 'erin']) await tour.signUp(name);
  const members = tour.people.slice(0, 5);
  await tour.secondDevice(tour.person(1));
  const [alice] = members as [Person, ...Person[]];
  const others = members.slice(1).map((person) => person.id);
  tour.group = (await alice.client.api.createGroup({ name: 'burrow', userIds: others })).channel.id;
  const texts = members.map((person) => `${person.name} is here`);
  for (const [i, person] of members.entries()) {
    await person.until('the group', () => person.client.channels.some((channel) => channel.id === tour.group));
    await person.say(tour.group, texts[i] ?? '');
  }
  for (const person of tour.people) {
    await person.until('five messages', () => isDeepEqual(person.texts(tour.group), texts));
    expect(person.toldTwice.length === 0, `${person.name} was told twice of ${person.toldTwice.join(', ')}`);
  }
  const servers = new Set(tour.people.map((person) => person.server));
  expect(servers.size === 3, `only on ${[...servers].join(', ')}`);
  return `${tour.people.length} devices on ${servers.size} servers, every message once on each`;
}

const MANY = 120;

async function readHistory(tour: Tour): Promise<string> {
  const alice = tour.person(0);
  await Promise.all(Array.from({ length: MANY }, (_, n) => alice.say(tour.group, `line ${n}`)));
  const all: string[] = [];
  let before: string | undefined;
  let pages = 0;
  for (let more = true; more; pages++) {
    const page = await alice.client.api.history(tour.group, { limit: 50, ...(before === undefined ? {} : { before }) });
    all.unshift(...page.messages.map((message) => message.content));
    before = page.messages[0]?.id;
    more = page.more.before;
  }
  const lines = all.filter((text) => text.startsWith('line '));
  expect(
    isDeepEqual(
      lines,
      Array.from({ length: MANY }, (_, n) => `line ${n}`),
    ),
    `history has ${lines.length} of ${MANY} lines in order`,
  );
  return `${all.length} messages on ${pages} pages, in order`;
}

async function restartEverything(tour: Tour): Promise<string> {
  const before = await wholeHistory(tour);
  const started = performance.now();
  await tour.cluster.restartAll();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  for (const person of tour.people) await person.until('being online again', () => person.server !== undefined, 60_000);
  expect(isDeepEqual(await wholeHistory(tour), before), 'the history is another one');
  await tour.person(1).say(tour.dm, 'still here');
  const both = tour.people.filter(({ name }) => [0, 1].some((n) => tour.person(n).name === name));
  for (const device of both) await device.until('a message after the restart', () => device.texts(tour.dm).includes('still here'));
  return `down and up in ${seconds} s, ${before.length} messages are there, all devices are back`;
}

async function wholeHistory(tour: Tour): Promise<string[]> {
  const page = await tour.person(0).client.api.history(tour.group, { limit: 200 });
  return page.messages.map((message) => `${message.id} ${message.content}`);
}

const WHILE_DOWN = 30;

async function killServer(tour: Tour): Promise<string> {
  const [alice, bob] = await apart(tour);
  const dead = bob.server ?? '';
  const before = bob.texts(tour.dm).length;
  tour.cluster.kill(dead, 'SIGKILL');
  const started = performance.now();
  const texts = Array.from({ length: WHILE_DOWN }, (_, n) => `while you were away ${n}`);
  for (const text of texts) await alice.say(tour.dm, text);
  await bob.until('a message on another server', () => bob.texts(tour.dm).length >= before + WHILE_DOWN, 60_000);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const seen = bob.texts(tour.dm).slice(before);
  expect(isDeepEqual(seen, texts), `${bob.name} saw ${seen.length} messages of ${texts.length}, or in another order`);
  expect(bob.toldTwice.length === 0, `${bob.name} was told twice of ${bob.toldTwice.join(', ')}`);
  return `${dead} died, all ${texts.length} sends were acknowledged, ${bob.name} had them in order and once after ${seconds} s, on ${bob.server ?? 'no server'}`;
}

/** Enough that the servers' loads differ for every API instance, whatever it knows of those that came right after the restart. */
const MOST_DEVICES = 8;

/**
 * Alice and a device of bob's on another server than hers. After the restart all may be on the one that came up first; a new
 * device is sent where fewer are.
 */
async function apart(tour: Tour): Promise<readonly [Person, Person]> {
  const [alice, bob] = [tour.person(0), tour.person(1)];
  const bobs = tour.people.filter((person) => person.name === bob.name);
  await alice.until('everybody being online', () => tour.people.every((person) => person.server !== undefined));
  while (bobs.every((person) => person.server === alice.server) && bobs.length < MOST_DEVICES) bobs.push(await tour.secondDevice(bob));
  const elsewhere = bobs.find((person) => person.server !== alice.server);
  if (elsewhere === undefined) throw new Error(`all ${bobs.length} devices of ${bob.name} are on ${alice.server ?? 'no server'}`);
  await elsewhere.until('what was said before', () => isDeepEqual(elsewhere.texts(tour.dm), bob.texts(tour.dm)));
  return [alice, elsewhere];
}

function expect(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new Error(otherwise);
}

function isDeepEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
