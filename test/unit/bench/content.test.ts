import { expect } from 'chai';
import { ContentMaker } from '../../../bench/load/content.js';

describe('the content of a load', () => {
  const maker = new ContentMaker(100);
  const text = maker.make(7, 123_456);

  it('is read as it was made', () => {
    expect(maker.read(text)).to.deep.equal({ sequence: 7, sentAt: 123_456 });
    expect(text.length).to.be.within(70, 100);
  });

  it('is refused when any character of it has changed', () => {
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === '5' ? '6' : '5';
      expect(maker.read(text.slice(0, at) + other + text.slice(at + 1)), `character ${at}`).to.equal(undefined);
    }
  });
});
