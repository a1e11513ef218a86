import type { TeamId, UserId } from '../../../shared/domain/ids.js';
import { toChatError } from '../../../shared/errors/chat-error.js';
import type { Clock, Counter, Directory, Gauge, InvalidationLog, Logger, Metrics } from '../../../shared/ports/index.js';
import { WatchedPeople } from './watched-people.js';
import { readMembership, requireInsider, type TeamReader, type WatchedTeam, type Watcher } from './watched-team.js';
import { WatchedTeams } from './watched-teams.js';

export interface PresenceDeps {
  readonly directory: Pick<Directory, 'lookup'>;
  readonly invalidations: Pick<InvalidationLog, 'readSince'>;
  readonly teams: TeamReader;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Who has had no session for this long is offline. */
  readonly graceMs: number;
}

/** Users per look-up, and look-ups per round: more wait for the next one. */
const LOOKUP = 500;
const LOOKUPS_PER_ROUND = 20;
/** Everybody who is online is looked at this often, if that is not too many: a server that died takes nobody's leave. */
const SWEEP_MS = 20_000;
const MAX_SWEEP_PER_SECOND = 1_000;
const MAX_READING = 8;
const RETRY_MS = 1_000;
/** Members are read again this often, should the log ever have missed a change of theirs. */
const REREAD_MS = 600_000;

/**
 * Who is online in the teams that sessions of this server watch, out of the directory and its invalidation log, where every session that begins
 * or ends anywhere leaves its user's key (docs/adr/0011-presence.md). A round reads what is new in the log, looks up whom it names, and tells;
 * while nobody watches there are no rounds.
 */
export class Presence {
  readonly #deps: PresenceDeps;
  readonly #people: WatchedPeople;
  readonly #teams: WatchedTeams;
  readonly #watched: Gauge;
  readonly #told: Counter;
  #onWork: () => void = () => undefined;
  #cursor = '';
  #reading = 0;
  #sweptAt: number | undefined;

  constructor(deps: PresenceDeps) {
    this.#deps = deps;
    this.#people = new WatchedPeople(deps);
    this.#teams = new WatchedTeams(this.#people);
    this.#watched = deps.metrics.gauge('warren_presence_teams', 'Teams whose presence sessions of this server watch, or did a moment ago');
    this.#told = deps.metrics.counter('warren_presence_changes_total', 'Changes of presence told, each counted once per team');
  }

  /** Nothing to do until somebody watches. */
  get idle(): boolean {
    return this.#teams.size === 0;
  }

  /** Called when a round would have something to do at once. */
  set onWork(listener: () => void) {
    this.#onWork = listener;
  }

  /**
   * A snapshot follows, then changes; for one who watches it already, another snapshot.
   * Rejects with ChatError NOT_FOUND, FORBIDDEN, TOO_LARGE, OVERLOADED, UNAVAILABLE.
   */
  async watch(watcher: Watcher, teamId: TeamId): Promise<void> {
    const team = this.#teams.join(watcher, teamId);
    this.#watched.set(this.#teams.size);
    try {
      await requireInsider(this.#deps.teams, teamId, watcher.identity.userId);
    } catch (error) {
      this.unwatch(watcher, teamId);
      throw error;
    }
    this.#teams.admit(watcher, team);
    this.#onWork();
  }

  unwatch(watcher: Watcher, teamId: TeamId): void {
    this.#teams.leave(watcher, teamId, this.#now());
  }

  /** The session is over. */
  forget(watcher: Watcher): void {
    this.#teams.leaveAll(watcher, this.#now());
  }

  /** Rejects with UNAVAILABLE, having kept what is still to be done. One at a time. */
  async round(): Promise<void> {
    await this.#readLog();
    this.#takeMembers();
    this.#readMembers();
    this.#sweep();
    this.#people.doubtOverdue(this.#now());
    await this.#lookUp();
    this.#told.inc(this.#teams.tell());
    this.#teams.closeEmpty(this.#now() - this.#deps.graceMs);
    this.#watched.set(this.#teams.size);
  }

  async #readLog(): Promise<void> {
    const { cursor, keys, everything } = await this.#deps.invalidations.readSince(this.#cursor);
    this.#cursor = cursor;
    if (everything) {
      this.#people.doubtEverybody();
      for (const team of this.#teams.all()) this.#makeStale(team);
    }
    for (const key of keys) this.#take(key);
  }

  #take(key: string): void {
    const colon = key.indexOf(':');
    const [kind, id] = [key.slice(0, colon), key.slice(colon + 1)];
    if (kind === 'user') this.#people.doubt(id as UserId);
    const team = kind === 'team' ? this.#teams.get(id as TeamId) : undefined;
    if (team !== undefined) this.#makeStale(team);
  }

  #makeStale(team: WatchedTeam): void {
    if (team.state === 'known') team.readAfter = 0;
    team.state = 'stale';
  }

  /** Behind a read of the log: members that were read before a change it names are read again. */
  #takeMembers(): void {
    for (const team of this.#teams.all()) {
      if (team.state !== 'read' || team.fresh === undefined) continue;
      team.readAfter = this.#now() + REREAD_MS;
      for (const watcher of this.#teams.setMembers(team, team.fresh)) void this.#askAgain(watcher, team);
    }
  }

  #readMembers(): void {
    const now = this.#now();
    for (const team of this.#teams.all()) {
      if (this.#reading >= MAX_READING) return;
      if (team.state === 'known' && team.readAfter <= now) team.state = 'stale';
      if (team.state === 'stale' && team.readAfter <= now && team.watchers.size > 0) void this.#readTeam(team);
    }
  }

  async #readTeam(team: WatchedTeam): Promise<void> {
    this.#reading += 1;
    team.state = 'reading';
    const read = (team.reads += 1);
    try {
      const fresh = await readMembership(this.#deps.teams, team.id);
      // Else the log has named it meanwhile.
      if (isUnderWay(team, read)) Object.assign(team, { fresh, state: 'read' });
    } catch (error) {
      this.#putOff(team, error);
    } finally {
      this.#reading -= 1;
      this.#onWork();
    }
  }

  /** A watcher whom the members do not name. */
  async #askAgain(watcher: Watcher, team: WatchedTeam): Promise<void> {
    try {
      await requireInsider(this.#deps.teams, team.id, watcher.identity.userId);
      this.#teams.admit(watcher, team);
      this.#onWork();
    } catch (error) {
      if (toChatError(error).temporary) this.#putOff(team, error);
      else this.#teams.expel(watcher, team.id, this.#now());
    }
  }

  #putOff(team: WatchedTeam, error: unknown): void {
    team.state = 'stale';
    team.readAfter = this.#now() + RETRY_MS;
    this.#deps.logger.warn({ error, teamId: team.id }, 'members of a watched team not read');
  }

  #sweep(): void {
    const now = this.#now();
    const elapsed = now - (this.#sweptAt ?? now);
    const everyMs = Math.min(SWEEP_MS, this.#deps.graceMs);
    const count = Math.min((this.#people.onlineCount * elapsed) / everyMs, (MAX_SWEEP_PER_SECOND * elapsed) / 1_000, LOOKUP);
    if (this.#sweptAt !== undefined && count < 1) return;
    this.#sweptAt = now;
    this.#people.sweep(Math.floor(count));
  }

  async #lookUp(): Promise<void> {
    for (let n = 0; n < LOOKUPS_PER_ROUND; n++) {
      const userIds = this.#people.doubtful(LOOKUP);
      if (userIds.length === 0) return;
      const routes = await this.#deps.directory.lookup(userIds);
      const now = this.#now();
      userIds.forEach((userId, i) => {
        const status = this.#people.observe(userId, { present: (routes[i] ?? []).length > 0, now });
        if (status !== undefined) this.#teams.change(userId, status);
      });
    }
  }

  #now(): number {
    return this.#deps.clock.monotonic();
  }
}

function isUnderWay(team: WatchedTeam, read: number): boolean {
  return team.state === 'reading' && team.reads === read;
}
