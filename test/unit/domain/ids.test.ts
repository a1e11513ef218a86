import { expect } from 'chai';
import { formatId, ID_EPOCH_MS, idBefore, IdClock, idSlotEnd, idTime, isId, NO_EVENT, type EventId } from '../../../shared/domain/ids.js';

describe('ids', () => {
  it('have 13 characters whose order is the order of time, node and counter', () => {
    const ids = [
      formatId(ID_EPOCH_MS, 0, 0),
      formatId(ID_EPOCH_MS, 0, 1),
      formatId(ID_EPOCH_MS, 1, 0),
      formatId(ID_EPOCH_MS + 7, 1023, 4095),
      formatId(ID_EPOCH_MS + 8, 0, 0),
      formatId(Date.UTC(2158, 0, 1), 1023, 4095),
    ];
    expect(ids).to.deep.equal([...ids].sort());
    expect(new Set(ids)).to.have.lengthOf(ids.length);
    for (const id of ids) expect(isId(id), id).to.equal(true);
  });

  it('carry the millisecond at which they were made', () => {
    const at = Date.UTC(2026, 10, 21, 7, 24, 16, 123);
    expect(idTime(formatId(at, 5, 9))).to.equal(at);
  });

  it('know one that is before all of their millisecond', () => {
    const at = ID_EPOCH_MS + 1_000;
    const before = idBefore(formatId(at, 5, 9) as EventId);
    expect(before < formatId(at, 0, 0)).to.equal(true);
    expect(before >= formatId(at - 1, 1023, 4095)).to.equal(true);
    expect(idBefore(formatId(ID_EPOCH_MS, 1, 1) as EventId)).to.equal(NO_EVENT);
  });

  it('know what is between their 8 ms and all that is later', () => {
    const end = idSlotEnd(formatId(ID_EPOCH_MS + 1_003, 5, 9) as EventId);
    expect(end > formatId(ID_EPOCH_MS + 1_007, 1023, 4095)).to.equal(true);
    expect(end < formatId(ID_EPOCH_MS + 1_008, 0, 0)).to.equal(true);
    expect(idSlotEnd(formatId(ID_EPOCH_MS + 1_000, 0, 0) as EventId)).to.equal(end);
  });

  it('keep growing when the wall clock is set back', () => {
    let now = Date.UTC(2026, 0, 1);
    const clock = new IdClock({ node: 1, now: () => now });
    const before = clock.next();
    now -= 3_600_000;
    expect(clock.next() > before).to.equal(true);
  });

  it('are larger than every id observed', () => {
    const clock = new IdClock({ node: 1, now: () => Date.UTC(2026, 0, 1) });
    const ahead = formatId(Date.UTC(2026, 0, 1, 1), 1023, 4095);
    clock.observe(ahead);
    expect(clock.next() > ahead).to.equal(true);
  });

  it('leap past what a node with a clock a little ahead has made, and no further the second time', () => {
    const now = Date.UTC(2026, 0, 1);
    const clock = new IdClock({ node: 1, now: () => now });
    const made = new IdClock({ node: 2, now: () => now + 999 }).next();
    const floor = clock.leap(1_000);
    expect(floor > made).to.equal(true);
    expect(clock.next() > floor).to.equal(true);
    for (let i = 0; i < 1_000; i++) clock.leap(1_000);
    expect(idTime(clock.next())).to.equal(now + 1_000);
  });

  it('stay distinct when more than 4,096 are made in a millisecond', () => {
    const clock = new IdClock({ node: 0, now: () => Date.UTC(2026, 0, 1) });
    const ids = Array.from({ length: 10_000 }, () => clock.next());
    expect(new Set(ids)).to.have.lengthOf(10_000);
    expect(ids).to.deep.equal([...ids].sort());
  });
});
