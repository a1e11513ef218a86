import { effect, signal } from '@preact/signals';
import { LIMITS } from '../../../shared/protocol/limits.js';
import { teams } from './places.js';
import { client } from './sdk.js';
import type { TeamId, UserId } from './types.js';

const watched = new Set<TeamId>();
const online = signal<ReadonlyMap<TeamId, ReadonlySet<UserId>>>(new Map());

/** Whether somebody is known to be there: in a team that this user may watch. Whoever reads it in a component is drawn again with it. */
export function isOnline(userId: string): boolean {
  for (const userIds of online.value.values()) if (userIds.has(userId as UserId)) return true;
  return false;
}

/** The teams of this user are watched as they come and go. */
export function followPresence(): void {
  client.on('presence', ({ teamId, ended }) => {
    if (ended !== undefined) watched.delete(teamId);
    const known = [...online.peek()].filter(([id]) => watched.has(id));
    online.value = new Map([...known, ...(watched.has(teamId) ? ([[teamId, client.presence.online(teamId)]] as const) : [])]);
  });
  effect(() => {
    // Guests may not.
    const wanted = teams.value.filter(({ role }) => role !== 'guest').map(({ id }) => id);
    watchOnly(new Set(wanted.slice(0, LIMITS.watchedTeams)));
  });
}

function watchOnly(wanted: ReadonlySet<TeamId>): void {
  for (const teamId of [...watched].filter((id) => !wanted.has(id))) {
    watched.delete(teamId);
    client.presence.unwatch(teamId);
  }
  for (const teamId of wanted) {
    watched.add(teamId);
    client.presence.watch(teamId);
  }
  online.value = new Map([...online.peek()].filter(([id]) => wanted.has(id)));
}
