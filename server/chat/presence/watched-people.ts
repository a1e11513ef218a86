import type { TeamId, UserId } from '../../../shared/domain/ids.js';
import type { PresenceStatus } from '../../../shared/protocol/frames.js';

interface Person {
  readonly teams: Set<TeamId>;
  /** As it was told; `unknown` before the first look-up. */
  status: PresenceStatus | 'unknown';
}

/**
 * The members of the watched teams, and what their watchers believe of them. Pure: what the directory said and when comes in, what is to be told
 * comes out. Somebody without a session stays online for the grace period, so that a short drop, or a move to another server, is not seen.
 */
export class WatchedPeople {
  readonly #graceMs: number;
  readonly #people = new Map<UserId, Person>();
  /** Has to be looked up. */
  readonly #doubtful = new Set<UserId>();
  /** Online, but without a session since then; oldest first. */
  readonly #absent = new Map<UserId, number>();
  /** Online, in the order in which they were looked at: the next to be swept comes first. */
  readonly #online = new Set<UserId>();
  #memberships = 0;

  constructor(options: { readonly graceMs: number }) {
    this.#graceMs = options.graceMs;
  }

  /** Pairs of a person and a team. */
  get memberships(): number {
    return this.#memberships;
  }

  get onlineCount(): number {
    return this.#online.size;
  }

  join(userId: UserId, teamId: TeamId): void {
    const person = this.#people.get(userId) ?? { teams: new Set<TeamId>(), status: 'unknown' };
    if (person.status === 'unknown') this.#doubtful.add(userId);
    this.#people.set(userId, person);
    if (person.teams.has(teamId)) return;
    person.teams.add(teamId);
    this.#memberships += 1;
  }

  leave(userId: UserId, teamId: TeamId): void {
    const person = this.#people.get(userId);
    if (person?.teams.delete(teamId) !== true) return;
    this.#memberships -= 1;
    if (person.teams.size > 0) return;
    this.#people.delete(userId);
    for (const set of [this.#doubtful, this.#absent, this.#online]) set.delete(userId);
  }

  teamsOf(userId: UserId): ReadonlySet<TeamId> {
    return this.#people.get(userId)?.teams ?? new Set();
  }

  isOnline(userId: UserId): boolean {
    return this.#online.has(userId);
  }

  isKnown(userId: UserId): boolean {
    return this.#people.get(userId)?.status !== 'unknown';
  }

  /** The directory has changed for this user. */
  doubt(userId: UserId): void {
    if (this.#people.has(userId)) this.#doubtful.add(userId);
  }

  doubtEverybody(): void {
    for (const userId of this.#people.keys()) this.#doubtful.add(userId);
  }

  /** Those who are online and were not looked at for the longest time. */
  sweep(count: number): void {
    for (const userId of firstOf(this.#online, count)) {
      this.#online.delete(userId);
      this.#online.add(userId);
      this.#doubtful.add(userId);
    }
  }

  /** Whose absence has lasted: they are looked up once more before anybody is told. */
  doubtOverdue(now: number): void {
    for (const [userId, since] of this.#absent) {
      if (now - since < this.#graceMs) return;
      this.#doubtful.add(userId);
    }
  }

  /** The next to look up; they stay doubtful until `observe`. */
  doubtful(limit: number): readonly UserId[] {
    return firstOf(this.#doubtful, limit);
  }

  /** What the directory says; the status that has to be told, if that changes anything. */
  observe(userId: UserId, seen: { readonly present: boolean; readonly now: number }): PresenceStatus | undefined {
    const person = this.#people.get(userId);
    this.#doubtful.delete(userId);
    if (person === undefined) return undefined;
    if (seen.present) return this.#arrive(userId, person);
    if (person.status === 'online') return this.#miss(userId, person, seen.now);
    person.status = 'offline';
    return undefined;
  }

  #arrive(userId: UserId, person: Person): PresenceStatus | undefined {
    this.#absent.delete(userId);
    if (person.status === 'online') return undefined;
    person.status = 'online';
    this.#online.add(userId);
    return 'online';
  }

  #miss(userId: UserId, person: Person, now: number): PresenceStatus | undefined {
    const since = this.#absent.get(userId);
    if (since === undefined) this.#absent.set(userId, now);
    if (since === undefined || now - since < this.#graceMs) return undefined;
    person.status = 'offline';
    this.#absent.delete(userId);
    this.#online.delete(userId);
    return 'offline';
  }
}

function firstOf(userIds: ReadonlySet<UserId>, count: number): readonly UserId[] {
  const first: UserId[] = [];
  for (const userId of userIds) {
    if (first.length >= count) break;
    first.push(userId);
  }
  return first;
}
