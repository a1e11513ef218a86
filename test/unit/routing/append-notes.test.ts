import { expect } from 'chai';
import { AppendNotes } from '../../../shared/routing/append-notes.js';

describe('notes of what the recent window holds', () => {
  let notes: AppendNotes;
  beforeEach(() => (notes = new AppendNotes('p')));

  it('are 1,000 at most while nothing takes them along: for the others, the archiver looks for itself', () => {
    for (let batch = 1; batch <= 1_001; batch++) notes.add(batch);
    expect(notes.takeHead().appended).to.have.length(1_000);
    expect(notes.takeHead().appended).to.deep.equal([]);
  });

  it('of a batch that may not have arrived go with the next, within the same bound', () => {
    for (let batch = 1; batch <= 1_000; batch++) notes.add(batch);
    const head = notes.takeHead();
    notes.add(1_001);
    notes.giveBack(head);
    const { appended } = notes.takeHead();
    expect([appended.length, appended[0]]).to.deep.equal([1_000, 1_001]);
  });
});
