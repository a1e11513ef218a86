import { expect } from 'chai';
import sinon from 'sinon';
import type { ChatEvent } from '../../../shared/domain/events.js';
import { AppendWatch } from '../../../worker/archiver/append-watch.js';

const event = (id: string): ChatEvent => ({ type: 'message', id }) as ChatEvent;

describe('append watch', () => {
  let clock: sinon.SinonFakeTimers;
  let looked: string[][];
  let watch: AppendWatch;
  let putRight: () => Promise<void>;

  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    looked = [];
    putRight = () => Promise.resolve();
    watch = new AppendWatch((events) => {
      looked.push(events.map(({ id }) => id));
      return putRight();
    });
  });
  afterEach(() => clock.restore());

  it('believes a note, and looks for nothing', async () => {
    const passing = watch.pass('p 1', () => [event('a')]);
    watch.note(['p 1']);
    await passing;
    await clock.tickAsync(1_000);
    expect(looked).to.deep.equal([]);
  });

  it('reads the events only to look for them', async () => {
    let reads = 0;
    const read = (): readonly ChatEvent[] => {
      reads += 1;
      return [event('a')];
    };
    const noted = watch.pass('p 1', read);
    watch.note(['p 1']);
    await noted;
    expect(reads).to.equal(0);
    const silent = watch.pass('p 2', read);
    await clock.tickAsync(250);
    await silent;
    expect(reads).to.equal(1);
  });

  it('looks for what nobody noted in time, and only for that', async () => {
    const silent = watch.pass('p 1', () => [event('a'), event('b')]);
    const noted = watch.pass('p 2', () => [event('c')]);
    watch.note(['p 2']);
    await noted;
    await clock.tickAsync(250);
    await silent;
    expect(looked).to.deep.equal([['a', 'b']]);
  });

  it('gives each batch its own time', async () => {
    const first = watch.pass('p 1', () => [event('a')]);
    await clock.tickAsync(200);
    const second = watch.pass('p 2', () => [event('b')]);
    await clock.tickAsync(50);
    await first;
    expect(looked).to.deep.equal([['a']]);
    await clock.tickAsync(200);
    await second;
    expect(looked).to.deep.equal([['a'], ['b']]);
  });

  it('looks at once for the events of a batch without a head', async () => {
    await watch.pass(undefined, () => [event('a')]);
    expect(looked).to.deep.equal([['a']]);
  });

  it('does not pass what could not be put right', async () => {
    putRight = () => Promise.reject(new Error('stopped'));
    const passing = watch.pass('p 1', () => [event('a')]).catch((error: unknown) => error);
    await clock.tickAsync(250);
    expect(await passing).to.be.instanceOf(Error);
  });

  it('lets nothing pass once it has stopped', async () => {
    const passing = watch.pass('p 1', () => [event('a')]).catch((error: unknown) => (error as Error).message);
    watch.stop(new Error('the archiver stops'));
    expect(await passing).to.equal('the archiver stops');
    await clock.tickAsync(1_000);
    expect(looked).to.deep.equal([]);
  });
});
