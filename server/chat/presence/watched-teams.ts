import type { TeamId, UserId } from '../../../shared/domain/ids.js';
import { ChatError } from '../../../shared/errors/chat-error.js';
import type { PresenceStatus } from '../../../shared/protocol/frames.js';
import { LIMITS } from '../../../shared/protocol/limits.js';
import { changeFrames, endedFrame, snapshotFrames } from './presence-frames.js';
import type { WatchedPeople } from './watched-people.js';
import { newWatchedTeam, type Membership, type WatchedTeam, type Watcher } from './watched-team.js';

/** Bounds of one server; a watch beyond them is refused as OVERLOADED. */
const MAX_TEAMS = 20_000;
const MAX_MEMBERSHIPS = 500_000;

/** The teams that are watched on this server, who watches them, and what those have to be told. No I/O. */
export class WatchedTeams {
  readonly #people: WatchedPeople;
  readonly #teams = new Map<TeamId, WatchedTeam>();
  readonly #byWatcher = new Map<Watcher, Set<TeamId>>();

  constructor(people: WatchedPeople) {
    this.#people = people;
  }

  get size(): number {
    return this.#teams.size;
  }

  get(teamId: TeamId): WatchedTeam | undefined {
    return this.#teams.get(teamId);
  }

  all(): Iterable<WatchedTeam> {
    return this.#teams.values();
  }

  /** Nothing is told before `admit`. @throws ChatError TOO_LARGE, OVERLOADED */
  join(watcher: Watcher, teamId: TeamId): WatchedTeam {
    const mine = this.#byWatcher.get(watcher) ?? new Set<TeamId>();
    if (!mine.has(teamId) && mine.size >= LIMITS.watchedTeams)
      throw new ChatError('TOO_LARGE', { details: { of: 'watched teams', limit: LIMITS.watchedTeams } });
    const team = this.#teams.get(teamId) ?? this.#open(teamId);
    this.#byWatcher.set(watcher, mine.add(teamId));
    team.watchers.set(watcher, 'asking');
    team.emptySince = undefined;
    return team;
  }

  /** They may: a snapshot is next. Nothing, when they have gone meanwhile. */
  admit(watcher: Watcher, team: WatchedTeam): void {
    if (team.watchers.get(watcher) !== 'asking') return;
    team.watchers.set(watcher, 'new');
    team.hasNew = true;
  }

  /** False when they did not watch it. */
  leave(watcher: Watcher, teamId: TeamId, now: number): boolean {
    const mine = this.#byWatcher.get(watcher);
    const team = this.#teams.get(teamId);
    if (mine?.delete(teamId) !== true || team === undefined) return false;
    if (mine.size === 0) this.#byWatcher.delete(watcher);
    team.watchers.delete(watcher);
    // Of a team that was never read there is nothing worth keeping.
    if (team.watchers.size === 0) team.emptySince = team.userIds.size === 0 ? -Infinity : now;
    return true;
  }

  leaveAll(watcher: Watcher, now: number): void {
    for (const teamId of [...(this.#byWatcher.get(watcher) ?? [])]) this.leave(watcher, teamId, now);
  }

  /** They may not any more, and hear that. */
  expel(watcher: Watcher, teamId: TeamId, now: number): void {
    if (this.leave(watcher, teamId, now)) watcher.push(endedFrame(teamId));
  }

  /** The members as they are now; the watchers whom they do not name as insiders, or who were not answered yet, are to be asked about. */
  setMembers(team: WatchedTeam, { userIds, guests }: Membership): readonly Watcher[] {
    for (const userId of team.userIds) if (!userIds.has(userId)) this.#remove(team, userId);
    for (const userId of userIds) {
      if (team.userIds.has(userId)) continue;
      this.#people.join(userId, team.id);
      if (this.#people.isOnline(userId)) team.changes.set(userId, 'online');
    }
    team.userIds = userIds;
    team.state = 'known';
    team.fresh = undefined;
    const inside = ({ identity: { userId } }: Watcher): boolean => userIds.has(userId) && !guests.has(userId);
    const doubtful = [...team.watchers].flatMap(([watcher, state]) => (state === 'asking' || !inside(watcher) ? [watcher] : []));
    for (const watcher of doubtful) team.watchers.set(watcher, 'asking');
    return doubtful;
  }

  /** To be told in every team of theirs. */
  change(userId: UserId, status: PresenceStatus): void {
    for (const teamId of this.#people.teamsOf(userId)) this.#teams.get(teamId)?.changes.set(userId, status);
  }

  /** Tells what there is to tell in the teams whose members are known; the number of changes. */
  tell(): number {
    let told = 0;
    for (const team of this.#teams.values()) if (team.state === 'known') told += this.#tellTeam(team);
    return told;
  }

  /** Teams that nobody has watched since then. What is known of them would have spared a watcher that comes back a wrong snapshot. */
  closeEmpty(since: number): void {
    for (const team of this.#teams.values()) {
      if (team.emptySince === undefined || team.emptySince > since) continue;
      this.#teams.delete(team.id);
      for (const userId of team.userIds) this.#people.leave(userId, team.id);
    }
  }

  #open(teamId: TeamId): WatchedTeam {
    if (this.#isFull()) this.closeEmpty(Infinity);
    if (this.#isFull()) throw new ChatError('OVERLOADED', { details: { retryAfterMs: 5_000 } });
    const team = newWatchedTeam(teamId);
    this.#teams.set(teamId, team);
    return team;
  }

  #isFull(): boolean {
    return this.#teams.size >= MAX_TEAMS || this.#people.memberships >= MAX_MEMBERSHIPS;
  }

  #remove(team: WatchedTeam, userId: UserId): void {
    if (this.#people.isOnline(userId)) team.changes.set(userId, 'offline');
    this.#people.leave(userId, team.id);
  }

  #tellTeam(team: WatchedTeam): number {
    const { id, changes, watchers } = team;
    if (changes.size === 0 && !team.hasNew) return 0;
    const those = (wanted: string): readonly Watcher[] => [...watchers].flatMap(([watcher, state]) => (state === wanted ? [watcher] : []));
    const [told, fresh] = [those('told'), those('new')];
    const count = told.length === 0 ? 0 : changes.size;
    const frames = count === 0 ? [] : changeFrames(id, changes);
    changes.clear();
    for (const watcher of told) for (const frame of frames) watcher.push(frame);
    if (team.hasNew) this.#show(team, fresh);
    return count;
  }

  /** Once everybody in it has been looked up. */
  #show(team: WatchedTeam, watchers: readonly Watcher[]): void {
    const userIds = [...team.userIds];
    if (!userIds.every((userId) => this.#people.isKnown(userId))) return;
    team.hasNew = false;
    const frames = snapshotFrames(
      team.id,
      userIds.filter((userId) => this.#people.isOnline(userId)),
    );
    for (const watcher of watchers) {
      team.watchers.set(watcher, 'told');
      for (const frame of frames) watcher.push(frame);
    }
  }
}
