import { expect } from 'chai';
import { formatId, type ChannelId, type EventId, type UserId } from '../../../../shared/domain/ids.js';
import { ReceiptDeskWorld } from '../../../support/receipt-desk-world.js';

const ROOM = '0K3W000000001' as ChannelId;
const OTHER = '0K3W000000002' as ChannelId;
const ALICE = '0K3V000000001' as UserId;
const BOB = '0K3V000000002' as UserId;

describe('the receipt desk', () => {
  let world: ReceiptDeskWorld;
  beforeEach(() => {
    world = new ReceiptDeskWorld();
    world.setMembers(ROOM, [ALICE, BOB]);
    world.setMembers(OTHER, [ALICE, BOB]);
  });
  afterEach(() => world.desk.stop());

  const event = (n: number): EventId => formatId(Date.parse('2026-11-18T09:00:00Z'), 1, n) as EventId;
  const positionsTold = () => world.told.flatMap(({ frame }) => frame.receipts.map((r) => [r.userId, r.delivered, r.read]));

  it('tells every member once it is stored', async () => {
    world.give(BOB, ROOM, { read: event(1) });
    await world.clock.advance(20);
    expect(world.writes).to.have.lengthOf(1);
    expect(world.told.map(({ to, frame }) => ({ to, frame }))).to.deep.equal([
      {
        to: [ALICE, BOB],
        frame: { type: 'receipts', channelId: ROOM, receipts: [{ userId: BOB, delivered: event(1), read: event(1) }] },
      },
    ]);
  });

  it('tells nothing that is not stored', async () => {
    world.failure = 'UNAVAILABLE';
    world.give(BOB, ROOM, { read: event(1) });
    await world.clock.advance(500);
    expect(world.told).to.deep.equal([]);
  });

  it('what comes together is stored in one go and told in one frame', async () => {
    world.give(BOB, ROOM, { read: event(2) });
    world.give(ALICE, ROOM, { delivered: event(2) });
    world.give(BOB, OTHER, { read: event(3) });
    await world.clock.advance(20);
    expect(world.writes.map((batch) => batch.length)).to.deep.equal([3]);
    expect(world.told.map(({ frame }) => [frame.channelId, frame.receipts.length])).to.deep.equal([
      [ROOM, 2],
      [OTHER, 1],
    ]);
  });

  it('of several of one user in a channel only how far they got together', async () => {
    for (const n of [3, 1, 2]) world.give(BOB, ROOM, { delivered: event(n + 5), read: event(n) });
    await world.clock.advance(20);
    expect(positionsTold()).to.deep.equal([[BOB, event(8), event(3)]]);
  });

  it('an older position is told to nobody but who said it', async () => {
    world.give(BOB, ROOM, { read: event(2) });
    await world.clock.advance(100);
    world.give(BOB, ROOM, { read: event(1) });
    await world.clock.advance(100);
    expect(positionsTold()).to.deep.equal([[BOB, event(2), event(2)]]);
    expect(world.answered).to.deep.equal([
      { type: 'receipts', channelId: ROOM, receipts: [{ userId: BOB, delivered: event(2), read: event(2) }] },
    ]);
  });

  it('a channel rests between its frames, the longer the more members it has', async () => {
    const members = [BOB, ...Array.from({ length: 49 }, (_, i) => `0K3V0000001${10 + i}` as UserId)];
    world.setMembers(ROOM, members);
    for (let n = 1; n <= 10; n++) {
      world.give(BOB, ROOM, { read: event(n) });
      await world.clock.advance(100);
    }
    expect(world.told.map(({ atMs }) => atMs)).to.deep.equal([20, 520]);
    expect(positionsTold().at(-1)).to.deep.equal([BOB, event(6), event(6)]);
  });

  it('writes every 50 ms at most, however many channels there are', async () => {
    for (let n = 0; n < 40; n++) {
      const room = `0K3W0000001${10 + n}` as ChannelId;
      world.setMembers(room, [BOB]);
      world.give(BOB, room, { read: event(1) });
      await world.clock.advance(5);
    }
    expect(world.writes).to.have.lengthOf(4);
    await world.clock.advance(100);
    expect(world.writes.flat()).to.have.lengthOf(40);
  });

  it('takes nothing of who is not a member', async () => {
    world.setMembers(ROOM, [ALICE]);
    world.give(BOB, ROOM, { read: event(1) });
    await world.clock.advance(100);
    expect(world.writes.flat()).to.deep.equal([]);
    expect(await world.count('refused')).to.equal(1);
  });

  it('tells nothing of who left while it was stored', async () => {
    world.onStored = () => world.setMembers(ROOM, [ALICE]);
    world.give(BOB, ROOM, { read: event(1) });
    world.give(ALICE, ROOM, { read: event(1) });
    await world.clock.advance(100);
    expect(world.told.map(({ to }) => to)).to.deep.equal([[ALICE]]);
    expect(positionsTold()).to.deep.equal([[ALICE, event(1), event(1)]]);
  });

  it('takes nothing that is more than a minute ahead', async () => {
    world.give(BOB, ROOM, { read: formatId(world.clock.now() + 61_000, 1, 1) as EventId });
    world.give(BOB, OTHER, { delivered: formatId(world.clock.now() + 61_000, 1, 1) as EventId, read: event(1) });
    await world.clock.advance(100);
    expect(world.writes).to.deep.equal([]);
    expect(await world.count('refused')).to.equal(2);
  });

  it('tries again, every second, when the store is away', async () => {
    world.failure = 'UNAVAILABLE';
    world.give(BOB, ROOM, { read: event(1) });
    await world.clock.advance(2_500);
    world.give(BOB, ROOM, { read: event(2) });
    world.failure = undefined;
    await world.clock.advance(1_100);
    expect(positionsTold()).to.deep.equal([[BOB, event(2), event(2)]]);
    expect(world.told[0]?.atMs).to.be.within(3_000, 3_100);
  });

  it('gives up what the store refuses for good', async () => {
    world.failure = 'NOT_FOUND';
    world.give(BOB, ROOM, { read: event(1) });
    await world.clock.advance(100);
    world.failure = undefined;
    await world.clock.advance(5_000);
    expect(world.writes).to.deep.equal([]);
    expect(await world.count('dropped')).to.equal(1);
  });

  it('a user who says more than the budget waits, and loses nothing', async () => {
    const rooms = Array.from({ length: 160 }, (_, i) => `0K3W000000${100 + i}` as ChannelId);
    for (const room of rooms) {
      world.setMembers(room, [BOB]);
      world.give(BOB, room, { read: event(1) });
    }
    await world.clock.advance(900);
    expect(world.writes.flat()).to.have.lengthOf(100);
    await world.clock.advance(5_000);
    expect(new Set(world.writes.flat().map(({ channelId }) => channelId)).size).to.equal(160);
  });

  it('holds a bounded number of one user', async () => {
    world.failure = 'UNAVAILABLE';
    for (let i = 0; i < 1_005; i++) world.give(BOB, formatId(world.clock.now(), 2, i) as ChannelId, { read: event(1) });
    expect(await world.count('dropped')).to.equal(5);
    world.give(ALICE, ROOM, { read: event(1) });
    expect(await world.count('dropped')).to.equal(5);
  });

  it('stores what waits when it stops', async () => {
    world.give(BOB, ROOM, { read: event(1) });
    await world.desk.stop();
    expect(world.writes.flat()).to.have.lengthOf(1);
    expect(world.clock.pendingTimers).to.equal(0);
  });

  it('leaves no timer when nothing waits', async () => {
    world.give(BOB, ROOM, { read: event(1) });
    await world.clock.advance(5_000);
    expect(world.clock.pendingTimers).to.equal(0);
  });
});
