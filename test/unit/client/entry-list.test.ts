import { expect } from 'chai';
import { dropFirstEntries, entriesOf, findEntry, firstEntry, mapEntries, NO_ENTRIES, putEntry } from '../../../client/entry-list.js';
import type { Entry } from '../../../client/timeline-entry.js';
import type { MessageId } from '../../../shared/domain/ids.js';
import { SeededRandom } from '../../../scripts/prove/random.js';

const idOf = (n: number): MessageId => String(n).padStart(13, '0') as MessageId;
const entry = (n: number, content = ''): Entry => ({ message: { id: idOf(n), content }, snapshotAt: '' }) as Entry;
const shown = (entries: readonly Entry[]): string[] => entries.map(({ message }) => `${message.id} ${message.content}`);

describe('entry list', () => {
  it('has what a sorted array would have, whatever is put and dropped in whatever order', () => {
    const random = new SeededRandom(7);
    const model = new Map<MessageId, Entry>();
    let list = NO_ENTRIES;
    for (let step = 0; step < 4_000; step++) {
      const made = entry(random.next() < 0.5 ? 10_000 + step : random.below(10_000), `v${step}`);
      model.set(made.message.id, made);
      const before = list;
      const had = shown(entriesOf(before));
      list = putEntry(list, made);
      if (step % 500 === 0) expect(shown(entriesOf(before)), 'the list before').to.deep.equal(had);
      if (random.next() < 0.02) {
        const count = random.below(60);
        list = dropFirstEntries(list, count);
        for (const id of [...model.keys()].sort().slice(0, count)) model.delete(id);
      }
      if (step % 50 !== 0) continue;
      const expected = [...model.values()].sort((a, b) => (a.message.id < b.message.id ? -1 : 1));
      expect(shown(entriesOf(list))).to.deep.equal(shown(expected));
      expect(list.length).to.equal(expected.length);
      expect(firstEntry(list)).to.equal(expected[0]);
      for (const one of expected) expect(findEntry(list, one.message.id)).to.equal(one);
    }
    expect(model.size).to.be.greaterThan(500);
  });

  it('answers nothing for what it does not have', () => {
    const list = [1, 3, 5].reduce((grown, n) => putEntry(grown, entry(n)), NO_ENTRIES);
    for (const n of [0, 2, 4, 6]) expect(findEntry(list, idOf(n))).to.equal(undefined);
    expect(firstEntry(NO_ENTRIES)).to.equal(undefined);
    expect(findEntry(NO_ENTRIES, idOf(1))).to.equal(undefined);
  });

  it('drops everything when more is dropped than there is', () => {
    const list = [1, 2, 3].reduce((grown, n) => putEntry(grown, entry(n)), NO_ENTRIES);
    expect(dropFirstEntries(list, 9)).to.deep.equal(NO_ENTRIES);
    expect(
      entriesOf(mapEntries(list, ({ message }) => ({ message, snapshotAt: message.id }))).map(({ snapshotAt }) => snapshotAt),
    ).to.deep.equal([1, 2, 3].map(idOf));
  });
});
