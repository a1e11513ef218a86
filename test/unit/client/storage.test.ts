import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createFileStorage } from '../../../client/node.js';
import { createWebStorage, type WebStorage } from '../../../client/mod.js';
import { Keep } from '../../../client/storage.js';
import { settle } from '../../support/fake-clock.js';
import { keptIn } from '../../support/fake-chat.js';

describe('client: file storage', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'warren-storage-'));
    path = join(folder, 'deeper', 'state.json');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps entries for the next process', async () => {
    const storage = createFileStorage(path);
    await storage.set('a', '1');
    await storage.set('b', '2');
    await storage.delete('a');
    expect([...(await keptIn(createFileStorage(path)))]).to.deep.equal([['b', '2']]);
  });

  it('is readable by its owner only', async () => {
    await createFileStorage(path).set('session', 'token');
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(statSync(join(folder, 'deeper')).mode & 0o777).to.equal(0o700);
  });

  it('begins anew with a file that cannot be read', async () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{"a":');
    expect([...(await keptIn(createFileStorage(broken)))]).to.deep.equal([]);
  });

  it('writes the changes of one turn together', async () => {
    const storage = createFileStorage(path);
    await Promise.all([storage.set('a', '1'), storage.set('b', '2')]);
    expect(JSON.parse(readFileSync(path, 'utf8'))).to.deep.equal({ a: '1', b: '2' });
  });
});

describe('client: web storage', () => {
  function fakeLocalStorage(): WebStorage & { readonly map: Map<string, string> } {
    const map = new Map<string, string>([['somebody else', 'x']]);
    return {
      map,
      get length() {
        return map.size;
      },
      key: (index) => [...map.keys()][index] ?? null,
      getItem: (key) => map.get(key) ?? null,
      setItem: (key, value) => void map.set(key, value),
      removeItem: (key) => void map.delete(key),
    };
  }

  it('keeps its entries under its prefix, and leaves the others alone', async () => {
    const local = fakeLocalStorage();
    const storage = createWebStorage(local);
    await storage.set('a', '1');
    await storage.set('b', '2');
    await storage.delete('b');
    expect([...(await keptIn(storage))]).to.deep.equal([['a', '1']]);
    expect([...local.map.keys()]).to.deep.equal(['somebody else', 'warren.a']);
  });
});

describe('client: a storage that is slow', () => {
  it('is given the last word on each key, however much was said meanwhile', async () => {
    const writes: string[] = [];
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const write = (text: string): Promise<void> => {
      writes.push(text);
      return gate;
    };
    const keep = new Keep(
      { entries: () => [], set: (key, value) => write(`${key}=${value}`), delete: (key) => write(`no ${key}`) },
      () => undefined,
    );
    keep.set('cursor', '0');
    await settle();
    for (let n = 1; n <= 1_000; n++) keep.set('cursor', `${n}`);
    keep.set('unsent', 'a message');
    keep.set('owner', 'alice');
    keep.delete('unsent');
    go();
    await keep.flush();
    expect(writes).to.deep.equal(['cursor=0', 'cursor=1000', 'owner=alice', 'no unsent']);
  });

  it('goes on after a write that failed', async () => {
    const errors: unknown[] = [];
    const map = new Map<string, string>();
    const set = (key: string, value: string): Promise<void> =>
      key === 'bad' ? Promise.reject(new Error('full')) : Promise.resolve(void map.set(key, value));
    const keep = new Keep({ entries: () => map, set, delete: (key) => void map.delete(key) }, (error) => errors.push(error));
    keep.set('bad', '1');
    keep.set('good', '1');
    expect([...(await keep.load())]).to.deep.equal([['good', '1']]);
    expect(errors).to.have.length(1);
    keep.delete('good');
    expect([...(await keep.load())]).to.deep.equal([]);
  });
});
