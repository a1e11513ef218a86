import { expect } from 'chai';
import sinon from 'sinon';
import type { ChatEvent } from '../../../shared/domain/events.js';
import type { MessageId } from '../../../shared/domain/ids.js';
import type { ApplyResult } from '../../../shared/ports/index.js';
import { BulkWriter, type Unread } from '../../../worker/archiver/bulk-writer.js';

const event = (id: string): ChatEvent => ({ type: 'message', id }) as ChatEvent;
interface Content {
  readonly events: readonly ChatEvent[];
}

const unread = (events: readonly ChatEvent[], { atOnce = false, bytes = 100 } = {}): Unread<Content> => ({
  read: () => ({ events }),
  bytes,
  atOnce,
});
const NOTHING: ApplyResult = { conflicts: [], orphans: [] };

describe('bulk writer', () => {
  let clock: sinon.SinonFakeTimers;
  let applied: string[][];
  let apply: (events: readonly ChatEvent[]) => ApplyResult;
  let writer: BulkWriter<Content>;

  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] });
    applied = [];
    apply = () => NOTHING;
    writer = new BulkWriter({
      apply: async (events) => {
        applied.push(events.map(({ id }) => id));
        return Promise.resolve().then(() => apply(events));
      },
    });
  });
  afterEach(() => clock.restore());

  it('begins at once after a quiet time', async () => {
    const written = writer.write(unread([event('a')]));
    await clock.tickAsync(0);
    expect((await written).result).to.equal(NOTHING);
  });

  it('reads what waits when it is written', async () => {
    const reads: string[] = [];
    const noting = (id: string): Unread<Content> => ({ ...unread([]), read: () => ({ events: [event(id)], seen: reads.push(id) }) });
    const first = writer.write(noting('a'));
    await clock.tickAsync(0);
    const later = writer.write(noting('b'));
    await clock.tickAsync(249);
    expect(reads).to.deep.equal(['a']);
    await clock.tickAsync(1);
    await Promise.all([first, later]);
    expect(reads).to.deep.equal(['a', 'b']);
  });

  it('gathers what comes within a moment of the last write, in its order', async () => {
    const first = writer.write(unread([event('a')]));
    await clock.tickAsync(0);
    await first;
    const later = [writer.write(unread([event('b')])), writer.write(unread([event('c'), event('d')]))];
    await clock.tickAsync(249);
    expect(applied).to.deep.equal([['a']]);
    await clock.tickAsync(1);
    await Promise.all(later);
    expect(applied).to.deep.equal([['a'], ['b', 'c', 'd']]);
  });

  it('does not make those wait that cannot become more', async () => {
    const first = writer.write(unread([event('a')]));
    await clock.tickAsync(0);
    await first;
    const waiting = writer.write(unread([event('b')]));
    await clock.tickAsync(1);
    const last = writer.write(unread([event('c')], { atOnce: true }));
    await clock.tickAsync(0);
    await Promise.all([waiting, last]);
    expect(applied).to.deep.equal([['a'], ['b', 'c']]);
  });

  it('does not make very much wait', async () => {
    const first = writer.write(unread([event('a')]));
    await clock.tickAsync(0);
    await first;
    const waiting = [writer.write(unread([event('b')], { bytes: 3 * 1024 * 1024 }))];
    await clock.tickAsync(1);
    expect(applied).to.have.length(1);
    waiting.push(writer.write(unread([event('c')], { bytes: 1024 * 1024 })));
    await clock.tickAsync(0);
    await Promise.all(waiting);
    expect(applied[1]).to.deep.equal(['b', 'c']);
  });

  it('tells each caller about its own events', async () => {
    const [mine, theirs, orphan] = [event('a'), event('b'), event('c')];
    apply = () => ({ conflicts: [{ event: mine, winnerId: 'w' as MessageId }], orphans: [orphan] });
    const answers = [writer.write(unread([mine])), writer.write(unread([theirs, orphan]))];
    await clock.tickAsync(0);
    const [first, second] = (await Promise.all(answers)).map(({ result }) => result);
    expect(first?.conflicts.map((conflict) => conflict.event.id)).to.deep.equal(['a']);
    expect(first?.orphans).to.deep.equal([]);
    expect([second?.conflicts, second?.orphans]).to.deep.equal([[], [orphan]]);
  });

  it('writes what one partition spoilt for the others without it', async () => {
    apply = (events) => {
      if (events.some(({ id }) => id === 'bad')) throw new Error('no');
      return NOTHING;
    };
    const good = writer.write(unread([event('a')]));
    const bad = writer.write(unread([event('bad')])).catch((error: unknown) => error);
    await clock.tickAsync(0);
    expect((await good).result).to.equal(NOTHING);
    expect(await bad).to.be.instanceOf(Error);
    expect(applied).to.deep.equal([['a', 'bad'], ['a'], ['bad']]);
  });
});
