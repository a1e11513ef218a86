import { expect } from 'chai';
import { HeartBeats, parseHeartBeat } from '../../../../server/transport/stomp/heart-beat.js';

const SERVER = { sends: 5_000, wants: 10_000 };

describe('STOMP heart-beats', () => {
  it('are read from two numbers', () => {
    expect(parseHeartBeat('1000,2000')).to.deep.equal({ sends: 1_000, wants: 2_000 });
    expect(parseHeartBeat(undefined)).to.deep.equal({ sends: 0, wants: 0 });
  });

  for (const text of ['', '1000', '1,2,3', '-1,0', 'a,b', '1e3,0', '9999999999,0'])
    it(`are not "${text}"`, () =>
      expect(() => parseHeartBeat(text))
        .to.throw()
        .with.property('code', 'INVALID_INPUT'));

  it('come a little before the slower of what one side offers and the other wants', () => {
    const beats = new HeartBeats({ sends: 0, wants: 20_000 }, SERVER, 0);
    expect([beats.owes(17_999), beats.owes(18_000)]).to.deep.equal([false, true]);
    expect(new HeartBeats({ sends: 0, wants: 1_000 }, SERVER, 0).nextLook).to.equal(4_500);
  });

  it('are owed from the last frame on', () => {
    const beats = new HeartBeats({ sends: 0, wants: 10_000 }, SERVER, 0);
    beats.said(8_000);
    expect([beats.owes(16_000), beats.owes(17_000)]).to.deep.equal([false, true]);
  });

  it('a peer is lost after two of its intervals', () => {
    const beats = new HeartBeats({ sends: 1_000, wants: 0 }, SERVER, 0);
    expect([beats.lost(20_000), beats.lost(20_001)]).to.deep.equal([false, true]);
    beats.heard(5_000);
    expect(beats.lost(20_001)).to.equal(false);
  });

  it('who offers none and wants none is left alone', () => {
    const beats = new HeartBeats({ sends: 0, wants: 0 }, SERVER, 0);
    expect([beats.owes(1e9), beats.lost(1e9), beats.nextLook]).to.deep.equal([false, false, Infinity]);
  });
});
