import { expect } from 'chai';
import type { ChannelId, EventId } from '../../shared/domain/ids.js';
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
