import type { User } from '../shared/domain/model.js';
import type { CommandFrame } from '../shared/protocol/frames.js';
import type { ClientParts } from './client-parts.js';
import { SESSION_KEY } from './session.js';

export interface LoginOptions {
  readonly deviceName: string | undefined;
  readonly region: string | undefined;
  /** Commands that an earlier life of this device had written and not sent. */
  readonly onKept: (frames: readonly CommandFrame[]) => void;
  /** Everything of the user is forgotten. */
  readonly onForget: () => void;
}

/** Whose cursors and unsent messages the storage holds. */
const OWNER_KEY = 'owner';

/** Who uses this device: brings session, cursors and unsent messages in, and takes them away again. */
export class Login {
  readonly #parts: ClientParts;
  readonly #options: LoginOptions;
  #owner: string | undefined;

  constructor(parts: ClientParts, options: LoginOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  async logIn(credentials: { readonly username: string; readonly password: string }): Promise<User> {
    const { api, session, connection, servers } = this.#parts;
    const { deviceName, region } = this.#options;
    const { username, password } = credentials;
    const body = await api.logIn({ username, password, deviceName, region, preferServer: servers.inUse });
    if (connection.state.status !== 'idle') connection.stop('logged-out');
    const kept = await this.#parts.keep.load();
    this.#owner ??= kept.get(OWNER_KEY);
    if (this.#owner !== undefined && this.#owner !== body.user.id) await this.#forget(kept);
    session.set(body);
    this.#resume(this.#owner === body.user.id ? kept : new Map(), body);
    return body.user;
  }

  async restore(): Promise<User | undefined> {
    const { session, keep } = this.#parts;
    const kept = await keep.load();
    const text = kept.get(SESSION_KEY);
    this.#owner = kept.get(OWNER_KEY);
    if (text === undefined || !session.restore(text) || session.body === undefined) return undefined;
    this.#resume(kept, session.body);
    return session.body.user;
  }

  async logOut(scope: 'this-device' | 'all-devices'): Promise<void> {
    const { api, session, connection, keep } = this.#parts;
    connection.stop('logged-out');
    try {
      if (session.body !== undefined) await (scope === 'all-devices' ? api.endAllSessions() : api.endSession());
    } finally {
      session.clear();
      await this.#forget(await keep.load());
    }
  }

  #resume(kept: ReadonlyMap<string, string>, body: { readonly user: User; readonly deviceId: string }): void {
    const { channels, outbox, keep } = this.#parts;
    this.#owner = body.user.id;
    keep.set(OWNER_KEY, body.user.id);
    channels.restore(kept);
    channels.beginAt(body.deviceId);
    this.#options.onKept(outbox.restore(kept));
    outbox.pump();
  }

  async #forget(kept: ReadonlyMap<string, string>): Promise<void> {
    const { channels, catchUp, list, receipts, outbox, keep } = this.#parts;
    list.cancel();
    receipts.clear();
    catchUp.clear();
    outbox.clear();
    channels.clear();
    for (const key of kept.keys()) if (key !== SESSION_KEY) keep.delete(key);
    this.#owner = undefined;
    this.#options.onForget();
    await keep.flush();
  }
}
