import type { UserId } from '../domain/ids.js';
import type { ChannelFrame } from '../protocol/frames.js';
import type { FanOut } from './fan-out.js';
import type { RoutingCaches } from './routing-caches.js';

/** Ephemeral frames to every session of some users: best effort, at most once. */
export class Announcer {
  readonly #deps: { readonly caches: RoutingCaches; readonly fanOut: FanOut };

  constructor(deps: { readonly caches: RoutingCaches; readonly fanOut: FanOut }) {
    this.#deps = deps;
  }

  async announce(userIds: readonly UserId[], frame: ChannelFrame): Promise<void> {
    if (userIds.length === 0) return;
    await this.#deps.caches.refresh();
    void this.#deps.fanOut.send({ userIds, exceptSession: '', payload: Buffer.from(JSON.stringify(frame)), durable: false });
  }
}
