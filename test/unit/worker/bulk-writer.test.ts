import { expect } from 'chai';
import sinon from 'sinon';
import type { ChatEvent } from '../../../shared/domain/events.js';
import type { MessageId } from '../../../shared/domain/ids.js';
import type { ApplyResult } from '../../../shared/ports/index.js';
import { BulkWriter } from '../../../worker/archiver/bulk-writer.js';

const event = (id: string): ChatEvent => ({ type: 'message', id }) as ChatEvent;
const GATHERED = { atOnce: false };
const NOTHING: ApplyResult = { conflicts: [], orphans: [] };

describe('bulk writer', () => {
  let clock: sinon.SinonFakeTimers;
  let applied: string[][];
  let apply: (events: readonly ChatEvent[]) => ApplyResult;
  let writer: BulkWriter;

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
    const written = writer.write([event('a')], GATHERED);
    await clock.tickAsync(0);
    expect(await written).to.equal(NOTHING);
  });

  it('gathers what comes within a moment of the last write, in its order', async () => {
    const first = writer.write([event('a')], GATHERED);
    await clock.tickAsync(0);
    await first;
    const later = [writer.write([event('b')], GATHERED), writer.write([event('c'), event('d')], GATHERED)];
    await clock.tickAsync(249);
    expect(applied).to.deep.equal([['a']]);
    await clock.tickAsync(1);
    await Promise.all(later);
    expect(applied).to.deep.equal([['a'], ['b', 'c', 'd']]);
  });

  it('does not make those wait that cannot become more', async () => {
    const first = writer.write([event('a')], GATHERED);
    await clock.tickAsync(0);
    await first;
    const waiting = writer.write([event('b')], GATHERED);
    await clock.tickAsync(1);
    const last = writer.write([event('c')], { atOnce: true });
    await clock.tickAsync(0);
    await Promise.all([waiting, last]);
    expect(applied).to.deep.equal([['a'], ['b', 'c']]);
  });

  it('does not make very many wait', async () => {
    const first = writer.write([event('a')], GATHERED);
    await clock.tickAsync(0);
    await first;
    const many = Array.from({ length: 5_000 }, (_, i) => event(String(i)));
    const waiting = [writer.write(many, GATHERED)];
    await clock.tickAsync(1);
    expect(applied).to.have.length(1);
    waiting.push(writer.write(many, GATHERED));
    await clock.tickAsync(0);
    await Promise.all(waiting);
    expect(applied[1]).to.have.length(10_000);
  });

  it('tells each caller about its own events', async () => {
    const [mine, theirs, orphan] = [event('a'), event('b'), event('c')];
    apply = () => ({ conflicts: [{ event: mine, winnerId: 'w' as MessageId }], orphans: [orphan] });
    const answers = [writer.write([mine], GATHERED), writer.write([theirs, orphan], GATHERED)];
    await clock.tickAsync(0);
    const [first, second] = await Promise.all(answers);
    expect(first?.conflicts.map((conflict) => conflict.event.id)).to.deep.equal(['a']);
    expect(first?.orphans).to.deep.equal([]);
    expect([second?.conflicts, second?.orphans]).to.deep.equal([[], [orphan]]);
  });

  it('writes what one partition spoilt for the others without it', async () => {
    apply = (events) => {
      if (events.some(({ id }) => id === 'bad')) throw new Error('no');
      return NOTHING;
    };
    const good = writer.write([event('a')], GATHERED);
    const bad = writer.write([event('bad')], GATHERED).catch((error: unknown) => error);
    await clock.tickAsync(0);
    expect(await good).to.equal(NOTHING);
    expect(await bad).to.be.instanceOf(Error);
    expect(applied).to.deep.equal([['a', 'bad'], ['a'], ['bad']]);
  });
});
