import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createFileStorage } from '../../../client/node.js';
import { createWebStorage, type WebStorage } from '../../../client/mod.js';
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
