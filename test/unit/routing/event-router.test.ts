import { expect } from 'chai';
import { MemoryDirectory } from '../../../shared/adapters/memory/directory.js';
import { MemoryInvalidationLog } from '../../../shared/adapters/memory/invalidation-log.js';
import { MemoryServerRegistry } from '../../../shared/adapters/memory/server-registry.js';
import { createMetrics } from '../../../shared/adapters/prometheus/metrics.js';
import { systemClock } from '../../../shared/runtime/clock.js';
import type { ChannelId, ServerId, UserId } from '../../../shared/domain/ids.js';
import type { Delivery } from '../../../shared/protocol/envelope.js';
import { EventRouter } from '../../../shared/routing/event-router.js';
import { FanOut } from '../../../shared/routing/fan-out.js';
import { RoutingCaches, type ChannelMembers } from '../../../shared/routing/routing-caches.js';

const CHANNEL = '0K3W000000001' as ChannelId;
const BOB = '0K3V000000002' as UserId;
const HERE = 'server1' as ServerId;

/** A router whose look-ups end when the test says so, and whose deliveries stay in the process. */
class RouterWorld {
  readonly delivered: string[] = [];
  readonly caches: RoutingCaches;
  readonly router: EventRouter;

  constructor() {
    const invalidations = new MemoryInvalidationLog();
    const directory = new MemoryDirectory({ registry: new MemoryServerRegistry(), invalidations });
    this.caches = new RoutingCaches({ channels: { memberIds: () => new Promise(() => undefined) }, directory, invalidations });
    const metrics = createMetrics({});
    const publisher = { deliver: () => Promise.resolve(true), notify: () => Promise.resolve() };
    const deliver = (delivery: Delivery): void => void this.delivered.push(Buffer.from(delivery.payload).toString());
    const fanOut = new FanOut({ caches: this.caches, publisher, metrics, clock: systemClock, local: { serverId: HERE, deliver } });
    this.router = new EventRouter({ caches: this.caches, fanOut, metrics });
  }

  route(text: string): void {
    this.router.route({ channelId: CHANNEL, originSession: '', bytes: Buffer.from(text) });
  }
}

const MEMBERS: ChannelMembers = { userIds: [BOB], has: (userId) => userId === BOB };

/** Answers like a cache that knows nothing at first, until `answer` is called; then it knows. */
function knowLater<Value>(value: Value): {
  readonly peek: () => Value | undefined;
  readonly get: () => Promise<Value>;
  readonly answer: () => void;
} {
  let known = false;
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = (): void => {
      known = true;
      resolve();
    };
  });
  return { peek: () => (known ? value : undefined), get: () => answered.then(() => value), answer };
}

describe('event router', () => {
  let world: RouterWorld;
  beforeEach(() => {
    world = new RouterWorld();
  });

  it('lets no event overtake one of its channel that waits for the members', async () => {
    const members = knowLater(MEMBERS);
    Object.assign(world.caches.members, { peek: members.peek, get: members.get });
    Object.assign(world.caches.routes, { peek: () => [HERE] });
    world.route('first');
    members.answer();
    world.route('second');
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.delivered).to.deep.equal(['first', 'second']);
  });

  it('lets no event overtake one of its channel that waits for the routes', async () => {
    const routes = knowLater([HERE]);
    Object.assign(world.caches.members, { peek: () => MEMBERS });
    Object.assign(world.caches.routes, { peek: routes.peek, getMany: () => routes.get().then((servers) => [servers]) });
    world.route('first');
    routes.answer();
    world.route('second');
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.delivered).to.deep.equal(['first', 'second']);
    world.route('third');
    expect(world.delivered).to.deep.equal(['first', 'second', 'third']);
  });

  it('goes by the members that were found before only while the cache holds them', () => {
    Object.assign(world.caches.members, { peek: () => ({ userIds: [], has: () => false }) });
    Object.assign(world.caches.routes, { peek: () => [HERE] });
    for (const current of [true, false]) {
      const bytes = Buffer.from(String(current));
      world.router.route({ channelId: CHANNEL, originSession: '', members: { value: MEMBERS, current }, bytes });
    }
    expect(world.delivered).to.deep.equal(['true']);
  });
});
