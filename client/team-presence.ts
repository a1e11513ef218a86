import type { TeamId, UserId } from '../shared/domain/ids.js';
import type { ErrorFrame, PresenceFrame, UnwatchFrame, WatchFrame } from '../shared/protocol/frames.js';
import { LIMITS } from '../shared/protocol/limits.js';
import type { ClientEvents } from './client-events.js';
import type { Emitter } from './emitter.js';
import { errorFromFrame, WarrenError } from './errors.js';
import type { Link } from './link.js';
import type { Schedule } from './schedule.js';

export interface TeamPresenceOptions {
  readonly schedule: Schedule;
  readonly emitter: Emitter<ClientEvents>;
  readonly link: () => Link | undefined;
}

interface Watched {
  /** Replaced, never changed: what was handed out stays as it was. */
  online: ReadonlySet<UserId>;
  /** What has come of a snapshot that is not whole yet. */
  gathered: readonly UserId[];
  cancelRetry: () => void;
}

const BACKOFF = { baseMs: 1_000, capMs: 10_000 };
const NOBODY: ReadonlySet<UserId> = new Set();

/** The teams whose presence somebody here looks at: watched again on each new connection, and told in changes. */
export class TeamPresence {
  readonly #options: TeamPresenceOptions;
  readonly #teams = new Map<TeamId, Watched>();
  /** The last request of each team. */
  readonly #requests = new Map<TeamId, string>();
  #count = 0;

  constructor(options: TeamPresenceOptions) {
    this.#options = options;
  }

  /** The members who are online, as last heard; empty while nothing is known. A new set when anything has changed. */
  online(teamId: TeamId): ReadonlySet<UserId> {
    return this.#teams.get(teamId)?.online ?? NOBODY;
  }

  /** Until `unwatch`, over reconnects. Changes are told by the event `presence`. @throws WarrenError TOO_LARGE */
  watch(teamId: TeamId): void {
    if (this.#teams.has(teamId)) return;
    if (this.#teams.size >= LIMITS.watchedTeams)
      throw new WarrenError('TOO_LARGE', `At most ${LIMITS.watchedTeams} teams can be watched at one time`);
    this.#teams.set(teamId, { online: NOBODY, gathered: [], cancelRetry: () => undefined });
    this.#ask(teamId);
  }

  unwatch(teamId: TeamId): void {
    const frame: UnwatchFrame = { type: 'unwatch', teamId };
    if (this.#drop(teamId)) this.#options.link()?.write(frame);
  }

  clear(): void {
    for (const teamId of [...this.#teams.keys()]) this.#drop(teamId);
  }

  /** On a new connection. */
  askAgain(): void {
    for (const teamId of this.#teams.keys()) this.#ask(teamId);
  }

  /** What an earlier connection still says is not news. */
  onFrame(frame: PresenceFrame, link: Link): void {
    const watched = this.#teams.get(frame.teamId);
    if (watched === undefined || link !== this.#options.link()) return;
    if (frame.ended === true) this.#end(frame.teamId, new WarrenError('NOT_FOUND', 'There is no such team, or you may not see it'));
    else if (frame.snapshot === undefined) this.#change(frame.teamId, watched, frame.users);
    else this.#gather(frame, watched);
  }

  /** False when the error is about something else. */
  refuse(frame: ErrorFrame): boolean {
    const [teamId] = [...this.#requests].find(([, requestId]) => requestId === frame.requestId) ?? [];
    const watched = teamId === undefined ? undefined : this.#teams.get(teamId);
    if (teamId === undefined || watched === undefined) return frame.requestId?.startsWith('presence') === true;
    if (!frame.temporary) {
      this.#end(teamId, errorFromFrame(frame));
      return true;
    }
    const { schedule } = this.#options;
    watched.cancelRetry();
    watched.cancelRetry = schedule.after(Math.max(frame.retryAfterMs ?? 0, schedule.jitter(2, BACKOFF)), () => this.#ask(teamId));
    return true;
  }

  #ask(teamId: TeamId): void {
    const watched = this.#teams.get(teamId);
    const link = this.#options.link();
    if (watched === undefined || link === undefined) return;
    watched.cancelRetry();
    watched.gathered = [];
    const frame: WatchFrame = { type: 'watch', requestId: `presence${++this.#count}`, teamId };
    this.#requests.set(teamId, frame.requestId);
    link.write(frame);
  }

  #gather(frame: PresenceFrame, watched: Watched): void {
    const online = [...watched.gathered, ...frame.users.map(({ userId }) => userId)];
    watched.gathered = frame.snapshot === 'part' ? online : [];
    if (frame.snapshot === 'part') return;
    const now = new Set(online);
    const gone = [...watched.online].filter((userId) => !now.has(userId)).map((userId) => ({ userId, status: 'offline' as const }));
    const users = [...online.map((userId) => ({ userId, status: 'online' as const })), ...gone];
    this.#change(frame.teamId, watched, users);
  }

  /** Tells what is news. */
  #change(teamId: TeamId, watched: Watched, users: PresenceFrame['users']): void {
    const changed = users.filter(({ userId, status }) => watched.online.has(userId) !== (status === 'online'));
    if (changed.length === 0) return;
    const online = new Set(watched.online);
    for (const { userId, status } of changed) {
      if (status === 'online') online.add(userId);
      else online.delete(userId);
    }
    watched.online = online;
    this.#options.emitter.emit('presence', { teamId, users: changed });
  }

  #end(teamId: TeamId, error: WarrenError): void {
    this.#drop(teamId);
    this.#options.emitter.emit('presence', { teamId, users: [], ended: error });
  }

  #drop(teamId: TeamId): boolean {
    this.#teams.get(teamId)?.cancelRetry();
    this.#requests.delete(teamId);
    return this.#teams.delete(teamId);
  }
}
