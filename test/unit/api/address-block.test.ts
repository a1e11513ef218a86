import { expect } from 'chai';
import { addressBlock } from '../../../api/middleware/rate-limit.js';

const CASES: readonly (readonly [address: string, block: string])[] = [
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['', ''],
];

describe('the part of an address that is rate limited', () => {
  for (const [address, block] of CASES) {
    it(`of "${address}" is "${block}"`, () => {
      expect(addressBlock(address)).to.equal(block);
    });
  }
});
