import { expect } from 'chai';
import { WorkBytes } from '../../../shared/protocol/work-bytes.js';

describe('a place for bytes', () => {
  it('is the same one each time, of the length that is asked for', () => {
    const place = new WorkBytes();
    const [first, second] = [place.take(1_000), place.take(10)];
    expect([first.length, second.length]).to.deep.equal([1_000, 10]);
    expect(second.buffer).to.equal(first.buffer);
  });

  it('keeps no more than 1 MiB: what is longer gets a place of its own', () => {
    const place = new WorkBytes();
    const long = place.take(1_048_577);
    expect(long.length).to.equal(1_048_577);
    expect(place.take(1_048_576).buffer.byteLength).to.equal(1_048_576);
  });
});
