import { expect } from 'chai';
import type { SessionId, UserId } from '../../../shared/domain/ids.js';
import { decodeDeliveries, encodeDeliveries, type Delivery } from '../../../shared/protocol/envelope.js';

const user = (n: number): UserId => `0K3V00000000${n}` as UserId;

describe('envelope', () => {
  const deliveries: Delivery[] = [
    {
      recipients: [user(1), user(2)],
      exceptSession: 'abc_DEF-1234' as SessionId,
      payload: Buffer.from('{"content":"안녕하세요"}'),
      rerouted: false,
      ephemeral: true,
    },
    { recipients: [user(3)], exceptSession: '', payload: Buffer.alloc(0), rerouted: true, ephemeral: false },
  ];

  it('gives back what was put in, byte for byte', () => {
    const decoded = decodeDeliveries(encodeDeliveries(deliveries));
    expect(decoded.map((d) => ({ ...d, payload: Buffer.from(d.payload) }))).to.deep.equal(deliveries);
  });

  it('can be read from the middle of a larger buffer', () => {
    const bytes = encodeDeliveries(deliveries);
    const larger = new Uint8Array(bytes.length + 5);
    larger.set(bytes, 5);
    expect(decodeDeliveries(larger.subarray(5))).to.have.lengthOf(2);
  });

  it('refuses every truncation and an unknown version', () => {
    const bytes = encodeDeliveries(deliveries.slice(0, 1));
    for (let length = 2; length < bytes.length; length++) {
      expect(() => decodeDeliveries(bytes.subarray(0, length)), String(length)).to.throw(RangeError);
    }
    expect(() => decodeDeliveries(Uint8Array.of(9))).to.throw(RangeError);
  });
});
