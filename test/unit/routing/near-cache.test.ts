import { expect } from 'chai';
import { NearCache } from '../../../shared/routing/near-cache.js';

function countingCache(capacity = 100): { cache: NearCache<string, string>; loads: string[][]; answer: (value: string) => void } {
  const loads: string[][] = [];
  let version = 'v1';
  const load = (keys: readonly string[]): Promise<string[]> => {
    loads.push([...keys]);
    const now = version;
    return Promise.resolve(keys.map((key) => `${key}:${now}`));
  };
  return { cache: new NearCache({ capacity, maxKeys: 10, load }), loads, answer: (value) => (version = value) };
}

describe('near cache', () => {
  it('asks once for what it knows, and only for what is missing', async () => {
    const { cache, loads } = countingCache();
    await cache.get('a');
    expect(await cache.getMany(['a', 'b', 'c'])).to.deep.equal(['a:v1', 'b:v1', 'c:v1']);
    expect(loads).to.deep.equal([['a'], ['b', 'c']]);
  });

  it('looks up in one go what a turn asks for, as many keys at a time as it may', async () => {
    const { cache, loads } = countingCache();
    const keys = Array.from({ length: 25 }, (_, n) => `${n}`);
    const answers = await Promise.all([...keys.map((key) => cache.get(key)), cache.getMany(['3', 'a'])]);
    expect(loads).to.deep.equal([keys.slice(0, 10), keys.slice(10, 20), [...keys.slice(20), 'a']]);
    expect(answers).to.deep.equal([...keys.map((key) => `${key}:v1`), ['3:v1', 'a:v1']]);
  });

  it('shares one load among all who ask meanwhile', async () => {
    const { cache, loads } = countingCache();
    await Promise.all([cache.get('a'), cache.get('a'), cache.getMany(['a'])]);
    expect(loads).to.deep.equal([['a']]);
  });

  it('answers those who wait for one load in the order in which they asked', async () => {
    let arrive: (values: string[]) => void = () => undefined;
    const cache = new NearCache<string, string>({ capacity: 10, maxKeys: 10, load: () => new Promise((resolve) => (arrive = resolve)) });
    const answered: string[] = [];
    const asking = ['first', 'second', 'third'].map((name) => cache.get('a').then(() => answered.push(name)));
    await new Promise((resolve) => setImmediate(resolve));
    arrive(['value']);
    await Promise.all(asking);
    expect(answered).to.deep.equal(['first', 'second', 'third']);
  });

  it('never keeps a load that was under way when its key was invalidated', async () => {
    const { cache, answer } = countingCache();
    const stale = cache.get('a');
    await new Promise((resolve) => setImmediate(resolve));
    cache.invalidate('a');
    answer('v2');
    const fresh = cache.get('a');
    expect(await stale).to.equal('a:v1');
    expect(await fresh).to.equal('a:v2');
    expect(cache.peek('a')).to.equal('a:v2');
  });

  it('forgets the least recently used beyond its capacity', async () => {
    const { cache } = countingCache(2);
    await cache.get('a');
    await cache.get('b');
    cache.peek('a');
    await cache.get('c');
    expect([cache.peek('a'), cache.peek('b'), cache.peek('c')]).to.deep.equal(['a:v1', undefined, 'c:v1']);
  });

  it('says of what it gave out whether it holds that still', async () => {
    const { cache } = countingCache(2);
    const held = async (key: string): Promise<{ readonly value: string; readonly current: boolean } | undefined> => {
      await cache.get(key);
      return cache.find(key);
    };
    const [invalidated, evicted] = [await held('a'), await held('b')];
    expect([invalidated, evicted]).to.deep.equal([
      { value: 'a:v1', current: true },
      { value: 'b:v1', current: true },
    ]);
    cache.invalidate('a');
    expect(invalidated?.current).to.equal(false);
    const [third] = [await held('c')];
    await cache.get('d');
    expect([evicted?.current, third?.current]).to.deep.equal([false, true]);
    cache.clear();
    expect(third?.current).to.equal(false);
    expect((await held('a'))?.current).to.equal(true);
  });

  it('does not remember a failure', async () => {
    let fail = true;
    const cache = new NearCache<string, string>({
      capacity: 10,
      maxKeys: 10,
      load: (keys) => (fail ? Promise.reject(new Error('away')) : Promise.resolve([...keys])),
    });
    const error = await cache.get('a').then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(Error);
    fail = false;
    expect(await cache.get('a')).to.equal('a');
  });
});
