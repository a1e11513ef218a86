import { expect } from 'chai';
import type { ChannelId, ClientId, EventId } from '../../shared/domain/ids.js';
import type { Reservation, Sequencer } from '../../shared/ports/index.js';
import { nextChannel, nextClientId, nextId, nextUser, until, type DescribeHotPath, type HotPath } from './hot-path-fixtures.js';

const FIRST = '' as EventId;

export const describeSequencerContract: DescribeHotPath = (name, open) => {
  describe(name, () => {
    let hotPath: HotPath;
    let sequencer: Sequencer;
    let channelId: ChannelId;

    beforeEach(async () => {
      hotPath = await open();
      sequencer = hotPath.sequencer;
      channelId = nextChannel();
    });
    afterEach(() => hotPath.close());

    function ask(overrides: Partial<Reservation> = {}): Reservation {
      return { channelId, senderId: nextUser(), clientId: nextClientId(), proposed: nextId(), ...overrides };
    }

    /** Of one sender, with these client ids. */
    function askAll(clientIds: readonly string[], overrides: Partial<Reservation> = {}): Reservation[] {
      const senderId = nextUser();
      return clientIds.map((clientId) => ask({ senderId, clientId: clientId as ClientId, ...overrides }));
    }
    /** Client ids that differ in their last character only. */
    const countedIds = (count: number): ClientId[] => {
      const base = nextClientId();
      return Array.from({ length: count }, (_, n) => (base + n.toString(36)) as ClientId);
    };
    const idOf = ({ proposed }: Reservation): EventId => proposed;
    const repeat = (items: readonly Reservation[]): Reservation[] => items.map((item) => ({ ...item, proposed: nextId() }));
    /** The id that each was given before. */
    async function idsOfRepeated(items: readonly Reservation[]): Promise<readonly unknown[]> {
      return (await sequencer.reserve(repeat(items))).map((answer) => (answer.status === 'duplicate' ? answer.id : answer.status));
    }
    async function prevsOf(items: readonly Reservation[]): Promise<readonly unknown[]> {
      return (await sequencer.reserve(items)).map((answer) => (answer.status === 'reserved' ? answer.prev : answer.status));
    }

    it('does not know a channel before it is advanced, and reserves nothing in it', async () => {
      const item = ask();
      expect(await sequencer.reserve([item, ask()])).to.deep.equal([{ status: 'unknown' }, { status: 'unknown' }]);
      await sequencer.advance([{ channelId, id: FIRST }]);
      expect(await sequencer.reserve([item])).to.deep.equal([{ status: 'reserved', prev: '' }]);
    });

    it('links each event to the one before it, within a batch and across batches', async () => {
      await sequencer.advance([{ channelId, id: FIRST }]);
      const [a, b, c] = [ask(), ask(), ask()];
      expect(await sequencer.reserve([a, b])).to.deep.equal([
        { status: 'reserved', prev: '' },
        { status: 'reserved', prev: a.proposed },
      ]);
      expect(await sequencer.reserve([c])).to.deep.equal([{ status: 'reserved', prev: b.proposed }]);
    });

    it('keeps channels apart in one batch', async () => {
      const other = nextChannel();
      await sequencer.advance([
        { channelId, id: FIRST },
        { channelId: other, id: FIRST },
      ]);
      const answers = await sequencer.reserve([ask(), ask({ channelId: other })]);
      expect(answers.map((answer) => answer.status === 'reserved' && answer.prev)).to.deep.equal(['', '']);
    });

    it('goes on from the id that it was advanced to, and does not say what is before the next event', async () => {
      const last = nextId();
      await sequencer.advance([{ channelId, id: last }]);
      const [a, b] = [ask(), ask()];
      expect(await sequencer.reserve([a, b])).to.deep.equal([
        { status: 'reserved', prev: '' },
        { status: 'reserved', prev: a.proposed },
      ]);
    });

    it('leaves a channel alone that is known: another server was first', async () => {
      const item = ask();
      await sequencer.advance([{ channelId, id: FIRST }]);
      await sequencer.reserve([item]);
      await sequencer.advance([{ channelId, id: nextId() }]);
      await sequencer.advance([{ channelId, id: FIRST }]);
      expect(await sequencer.reserve([ask()])).to.deep.equal([{ status: 'reserved', prev: item.proposed }]);
    });

    it('gives a repeated (sender, clientId) the id that it had', async () => {
      await sequencer.advance([{ channelId, id: FIRST }]);
      const [first, other] = [ask(), ask()];
      await sequencer.reserve([first, other]);
      expect(await sequencer.reserve([{ ...first, proposed: nextId() }])).to.deep.equal([
        { status: 'duplicate', id: first.proposed, latest: other.proposed, prev: '' },
      ]);
    });

    it('sees the same (sender, clientId) twice in one batch as one', async () => {
      await sequencer.advance([{ channelId, id: FIRST }]);
      const first = ask();
      const [, second] = await sequencer.reserve([first, { ...first, proposed: nextId() }]);
      expect(second).to.deep.equal({ status: 'duplicate', id: first.proposed, latest: first.proposed, prev: '' });
    });

    it('says what is before a repeated one that is the latest', async () => {
      await sequencer.advance([{ channelId, id: FIRST }]);
      const [before, item] = [ask(), ask()];
      await sequencer.reserve([before, item]);
      for (let time = 0; time < 2; time++) {
        expect(await sequencer.reserve([{ ...item, proposed: nextId() }])).to.deep.equal([
          { status: 'duplicate', id: item.proposed, latest: item.proposed, prev: before.proposed },
        ]);
      }
    });

    it('lets different senders, and different channels, use the same clientId', async () => {
      const other = nextChannel();
      await sequencer.advance([
        { channelId, id: FIRST },
        { channelId: other, id: FIRST },
      ]);
      const first = ask();
      const answers = await sequencer.reserve([
        first,
        ask({ clientId: first.clientId }),
        ask({ channelId: other, clientId: first.clientId, senderId: first.senderId }),
      ]);
      expect(answers.map(({ status }) => status)).to.deep.equal(['reserved', 'reserved', 'reserved']);
    });

    it('refuses an id that is not larger than the last, and reserves nothing', async () => {
      const early = ask();
      const last = nextId();
      await sequencer.advance([{ channelId, id: last }]);
      expect(await sequencer.reserve([early])).to.deep.equal([{ status: 'behind', latest: last }]);
      expect(await sequencer.reserve([ask({ proposed: last })])).to.deep.equal([{ status: 'behind', latest: last }]);
      expect(await sequencer.reserve([{ ...early, proposed: nextId() }])).to.deep.equal([{ status: 'reserved', prev: '' }]);
    });

    it('refuses what follows a refused item in its channel, so that a retry keeps their order', async () => {
      const early = ask();
      const last = nextId();
      await sequencer.advance([{ channelId, id: last }]);
      const later = ask();
      const answers = await sequencer.reserve([early, later]);
      expect(answers).to.deep.equal([
        { status: 'behind', latest: last },
        { status: 'behind', latest: last },
      ]);
      expect(await sequencer.reserve([later])).to.deep.equal([{ status: 'reserved', prev: '' }]);
    });

    it('gives a message that travels again a new event, and keeps its claim', async () => {
      await sequencer.advance([{ channelId, id: FIRST }]);
      const [first, other] = [ask(), ask()];
      await sequencer.reserve([first, other]);
      const again = { ...first, proposed: nextId(), again: true };
      expect(await sequencer.reserve([again])).to.deep.equal([{ status: 'reserved', prev: other.proposed }]);
      expect(await sequencer.reserve([{ ...first, proposed: nextId() }])).to.deep.equal([
        { status: 'duplicate', id: first.proposed, latest: again.proposed, prev: '' },
      ]);
    });

    it('tells client ids apart that differ in their last character only, reserved together or one by one', async () => {
      await sequencer.advance([{ channelId, id: FIRST }]);
      const together = askAll(countedIds(5));
      const oneByOne = askAll(countedIds(5));
      expect(await prevsOf(together)).to.deep.equal(['', ...together.slice(0, -1).map(idOf)]);
      for (const item of oneByOne) await sequencer.reserve([item]);
      for (const items of [together, oneByOne]) {
        expect(await idsOfRepeated(items)).to.deep.equal(items.map(idOf));
        for (const item of items) expect(await idsOfRepeated([item])).to.deep.equal([item.proposed]);
      }
    });

    it('goes on with client ids that differ in their last character only, some of which are known', async () => {
      await sequencer.advance([{ channelId, id: FIRST }]);
      const items = askAll(countedIds(6));
      await sequencer.reserve(items.slice(0, 2));
      await sequencer.reserve(items.slice(2, 4));
      expect(await prevsOf(items.slice(4))).to.deep.equal(items.slice(3, 5).map(idOf));
      expect(await idsOfRepeated(items)).to.deep.equal(items.map(idOf));
    });

    it('tells client ids apart that have their beginning, their end or their length in common, down to one character', async () => {
      await sequencer.advance([{ channelId, id: FIRST }]);
      const items = askAll(['ab', 'bb', 'abc', 'a', 'b', 'ba', 'aab', 'bab', 'aaa', '~', '!', 'abcd', 'abdd']);
      expect(await prevsOf(items)).to.deep.equal(['', ...items.slice(0, -1).map(idOf)]);
      expect(await idsOfRepeated(items)).to.deep.equal(items.map(idOf));
      for (const item of items) expect(await idsOfRepeated([item])).to.deep.equal([item.proposed]);
    });

    it('links the events of each channel, however channels and senders take turns', async () => {
      const [channels, senders, base] = [[channelId, nextChannel()], [nextUser(), nextUser()], nextClientId()];
      await sequencer.advance(channels.map((id) => ({ channelId: id, id: FIRST })));
      // Its channel, its sender, and the last character of its client id.
      const items = ['00a', '00b', '11a', '11b', '01a', '00c', '00d', '10a', '11c', '01b', '10b', '00e'].map((turn) =>
        ask({ channelId: channels[Number(turn[0])]!, senderId: senders[Number(turn[1])]!, clientId: (base + turn[2]!) as ClientId }),
      );
      const before = (at: number): EventId =>
        items.slice(0, at).findLast((item) => item.channelId === items[at]?.channelId)?.proposed ?? FIRST;
      expect(await prevsOf(items)).to.deep.equal(items.map((_, at) => before(at)));
      expect(await idsOfRepeated(items)).to.deep.equal(items.map(idOf));
    });

    describe('of one sender, with client ids that differ in their last character only,', () => {
      let mine: (n: number, overrides?: Partial<Reservation>) => Reservation;
      beforeEach(async () => {
        const [senderId, ids] = [nextUser(), countedIds(4)];
        mine = (n, overrides) => ask({ senderId, clientId: ids[n]!, ...overrides });
        await sequencer.advance([{ channelId, id: FIRST }]);
      });

      it('sees repeated ones among others, and links what follows to the latest', async () => {
        const known = mine(0);
        await sequencer.reserve([known]);
        const [a, b] = [mine(1), mine(2)];
        expect(await sequencer.reserve([a, mine(0), b, mine(2), mine(3)])).to.deep.equal([
          { status: 'reserved', prev: known.proposed },
          { status: 'duplicate', id: known.proposed, latest: a.proposed, prev: '' },
          { status: 'reserved', prev: a.proposed },
          { status: 'duplicate', id: b.proposed, latest: b.proposed, prev: a.proposed },
          { status: 'reserved', prev: b.proposed },
        ]);
      });

      it('gives one that travels again a new event among others, and links what follows to that', async () => {
        const first = mine(0);
        await sequencer.reserve([first]);
        const [a, again, b] = [mine(1), mine(0, { again: true }), mine(2)];
        expect(await prevsOf([a, again, b])).to.deep.equal([first, a, again].map(idOf));
        const [twice, c] = [mine(0, { again: true }), mine(3)];
        expect(await sequencer.reserve([twice, mine(0), c])).to.deep.equal([
          { status: 'reserved', prev: b.proposed },
          { status: 'duplicate', id: first.proposed, latest: twice.proposed, prev: '' },
          { status: 'reserved', prev: twice.proposed },
        ]);
        expect(await idsOfRepeated([first, a, b])).to.deep.equal([first, a, b].map(idOf));
      });

      it('refuses what follows a refused one, and keeps what was before it', async () => {
        const [early, a] = [mine(1), mine(0)];
        expect(await sequencer.reserve([a, early, mine(2)])).to.deep.equal([
          { status: 'reserved', prev: '' },
          { status: 'behind', latest: a.proposed },
          { status: 'behind', latest: a.proposed },
        ]);
        const [b, c] = [mine(1), mine(2)];
        expect(await prevsOf([b, c])).to.deep.equal([a, b].map(idOf));
        expect(await idsOfRepeated([a, b, c])).to.deep.equal([a, b, c].map(idOf));
      });
    });

    it('gives concurrent reservations one order', async () => {
      await sequencer.advance([{ channelId, id: FIRST }]);
      const items = Array.from({ length: 50 }, () => ask());
      const answers = (await Promise.all(items.map((item) => sequencer.reserve([item])))).flat();
      const prevs = answers.map((answer) => (answer.status === 'reserved' ? answer.prev : answer.status));
      expect(prevs).to.deep.equal(['', ...items.slice(0, -1).map(({ proposed }) => proposed)]);
    });

    it('forgets a claim after its time', async () => {
      const forgetful = hotPath.forgetfulSequencer;
      await forgetful.advance([{ channelId, id: FIRST }]);
      const first = ask();
      await forgetful.reserve([first]);
      const [answer] = await until(
        () => forgetful.reserve([{ ...first, proposed: nextId() }]),
        ([found]) => found?.status === 'reserved',
      );
      expect(answer).to.deep.equal({ status: 'reserved', prev: first.proposed });
    });

    it('answers an empty batch', async () => {
      expect(await sequencer.reserve([])).to.deep.equal([]);
      await sequencer.advance([]);
    });
  });
};
