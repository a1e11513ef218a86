import { expect } from 'chai';
import { FlightRing } from '../../../shared/domain/flight-ring.js';
import { formatId } from '../../../shared/domain/ids.js';

const id = (n: number): string => formatId(1_790_000_000_000 + n, 1_023, 4_095);

describe('the flight recorder', () => {
  let now: number;
  let ring: FlightRing;
  beforeEach(() => {
    now = 1;
    ring = new FlightRing({ now: () => now++, capacity: 4 });
  });

  it('finds the steps of an event, oldest first, with what they were about', () => {
    ring.note('reserved', id(1));
    ring.note('reserved', id(2));
    ring.note('sent', id(1), 'server2');
    ring.note('delivered', id(1), id(7));
    expect(ring.find(id(1))).to.deep.equal([
      { step: 'reserved', at: 1, subject: '' },
      { step: 'sent', at: 3, subject: 'server2' },
      { step: 'delivered', at: 4, subject: id(7) },
    ]);
  });

  it('reads the id out of the event', () => {
    const bytes = Buffer.from(JSON.stringify({ type: 'message', id: id(3), prev: id(2), content: '"id":"' }));
    ring.noteIn('delivered', bytes, id(9));
    expect(ring.find(id(3)).map(({ subject }) => subject)).to.deep.equal([id(9)]);
    expect(ring.find(id(2))).to.deep.equal([]);
  });

  it('passes over what has no id', () => {
    ring.note('reserved', 'nonsense');
    ring.noteIn('delivered', Buffer.from('{"type":"typing"}'));
    ring.noteIn('delivered', Buffer.from(''));
    expect(ring.find('nonsense')).to.deep.equal([]);
  });

  it('forgets the oldest when it is full', () => {
    for (let n = 0; n < 6; n++) ring.note('reserved', id(n));
    expect([0, 1, 2, 5].map((n) => ring.find(id(n)).length)).to.deep.equal([0, 0, 1, 1]);
  });

  it('remembers 10,000 names of servers: a step about a later one is noted without it', () => {
    for (let n = 1; n <= 10_000; n++) ring.note('sent', id(1), `server${n}`);
    ring.note('sent', id(2), 'server1');
    expect([...ring.find(id(1)), ...ring.find(id(2))].map(({ subject }) => subject)).to.deep.equal([
      'server9998',
      'server9999',
      '',
      'server1',
    ]);
  });
});
