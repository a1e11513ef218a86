import { expect } from 'chai';
import { byteLength, joinFrames } from '../../../client/frame-batch.js';

describe('client: frames in one WebSocket message', () => {
  it('are joined by line feeds, in order', () => {
    expect(joinFrames(['a', 'b', 'c'], { frames: 256, bytes: 1_000 })).to.deep.equal(['a\nb\nc']);
  });

  it('are at most so many', () => {
    expect(joinFrames(['a', 'b', 'c'], { frames: 2, bytes: 1_000 })).to.deep.equal(['a\nb', 'c']);
  });

  it('are at most so many bytes of UTF-8, the line feeds included', () => {
    expect(joinFrames(['가', '나', '다'], { frames: 256, bytes: 8 })).to.deep.equal(['가\n나', '다']);
    expect(byteLength('가')).to.equal(3);
  });

  it('travel alone when they are larger than that', () => {
    expect(joinFrames(['a', 'bbbbbb', 'c'], { frames: 256, bytes: 4 })).to.deep.equal(['a', 'bbbbbb', 'c']);
  });

  it('are none when there is nothing to say', () => {
    expect(joinFrames([], { frames: 256, bytes: 4 })).to.deep.equal([]);
  });
});
