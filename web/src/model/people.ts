import { signal } from '@preact/signals';
import { t } from '../i18n/text.js';
import { client } from './sdk.js';
import type { User } from './types.js';

const BATCH = 100;
const KEPT = 5000;

/** Everybody this page has heard of. */
const users = signal<ReadonlyMap<string, User>>(new Map());
const wanted = new Set<string>();
/** Asked for and not found: not asked for again in this life of the page. */
const unknown = new Set<string>();
let fetching = false;

/** The person, or undefined until they are fetched; whoever reads it in a component is drawn again then. */
export function person(id: string): User | undefined {
  const found = users.value.get(id);
  if (found === undefined && !unknown.has(id)) want(id);
  return found;
}

export function nameOf(id: string): string {
  return person(id)?.displayName ?? t('people.unknown');
}

export function learn(people: readonly User[]): void {
  const fresh = people.filter((user) => !isSame(users.peek().get(user.id), user));
  if (fresh.length === 0) return;
  const next = new Map([...users.peek(), ...fresh.map((user) => [user.id, user] as const)]);
  users.value = next.size > KEPT ? new Map([...next].slice(-KEPT)) : next;
}

export async function searchPeople(query: string): Promise<readonly User[]> {
  const { users: found } = await client.api.listUsers({ query: query.trim(), limit: 20 });
  learn(found);
  return found;
}

export function forgetPeople(): void {
  users.value = new Map();
  wanted.clear();
  unknown.clear();
}

function want(id: string): void {
  wanted.add(id);
  if (fetching) return;
  fetching = true;
  // At the end of the turn, so that a list of names is one request.
  queueMicrotask(() => void fetchWanted());
}

async function fetchWanted(): Promise<void> {
  try {
    while (wanted.size > 0) {
      const ids = [...wanted].slice(0, BATCH);
      for (const id of ids) wanted.delete(id);
      const found = await client.api.getUsers(ids);
      const known = new Set<string>(found.map((user) => user.id));
      for (const id of ids) if (!known.has(id)) unknown.add(id);
      learn(found);
    }
  } catch {
    // Offline, most likely: the names are asked for again when something that shows them is drawn again.
    wanted.clear();
  } finally {
    fetching = false;
  }
}

function isSame(a: User | undefined, b: User): boolean {
  return a?.displayName === b.displayName && a.username === b.username;
}
