import { expect } from 'chai';
import { memberLength, readMember, toBlocks, writeMember, type Block } from '../../../shared/adapters/redis/window-blocks.js';
import { formatId, ID_LENGTH, type EventId } from '../../../shared/domain/ids.js';

/** 8 ms begin with it. */
const SLOT_MS = 1_800_000_000_000;
const BOUNDS = { events: 100, bytes: 10_000 };

type Event = Block[number];

const event = (counter: number, text = '{}', ms = SLOT_MS): Event => ({
  id: formatId(ms, 1, counter) as EventId,
  bytes: Buffer.from(text, 'latin1'),
});
const events = (count: number, text?: string): Event[] => Array.from({ length: count }, (_, n) => event(n, text));

function write(block: Block): Buffer {
  const member = Buffer.alloc(memberLength(block), 0xff);
  expect(writeMember(block, member, 0)).to.equal(member.length);
  return member;
}
const read = (member: Buffer): Event[] => readMember(member).map(({ id, bytes }) => ({ id, bytes: Buffer.from(bytes) }));
const sizes = (blocks: readonly Block[]): number[] => blocks.map((block) => block.length);

describe('members of a window', () => {
  const BLOCKS: Readonly<Record<string, Block>> = {
    'one event': [event(1, '{"a":1}')],
    'two events': [event(1, '{"a":1}'), event(2, '{"b":2}')],
    'many events': Array.from({ length: 100 }, (_, n) => event(n, 'x'.repeat(n * 7))),
    'one event without bytes': [event(1, '')],
    'many events without bytes': events(3, ''),
    'one event that begins with a zero byte': [event(1, '\0{}')],
    'one event that is a zero byte': [event(1, '\0')],
    'one event that looks like a member of several': [event(1, `\0\0\0\0\x02${event(2).id}{}`)],
    'many events that begin with a zero byte': events(3, '\0\0\0\0'),
    'bytes of every value': [event(1, String.fromCharCode(...Array.from({ length: 256 }, (_, n) => 255 - n))), event(2)],
  };
  for (const [name, block] of Object.entries(BLOCKS)) {
    it(`bring back ${name}`, () => {
      const member = write(block);
      expect(read(member)).to.deep.equal(block);
      expect(member.toString('latin1', 0, ID_LENGTH)).to.equal(block.at(-1)?.id);
    });
  }

  it('are what they were before for an event by itself: its id and its bytes', () => {
    const [only] = events(1, '{"a":1}') as [Event];
    expect(write([only]).toString('latin1')).to.equal(`${only.id}{"a":1}`);
  });

  it('are written one behind the other', () => {
    const blocks = [events(2), events(1, 'x'), events(3, '\0')];
    const into = Buffer.alloc(blocks.reduce((sum, block) => sum + memberLength(block), 0));
    let at = 0;
    for (const block of blocks) {
      const end = writeMember(block, into, at);
      expect(read(into.subarray(at, end))).to.deep.equal(block);
      at = end;
    }
    expect(at).to.equal(into.length);
  });
});

describe('blocks of a window', () => {
  it('have all events of the same 8 ms, of whichever node', () => {
    const all = [event(0), event(1), event(0, '{}', SLOT_MS + 3), event(4_095, '{}', SLOT_MS + 7)];
    const other = { ...event(0), id: formatId(SLOT_MS + 7, 1_023, 4_095) as EventId };
    expect(toBlocks([...all, other], BOUNDS)).to.deep.equal([[...all, other]]);
  });

  it('end with their 8 ms', () => {
    const all = [7, 8, 15, 16, 32].map((ms) => event(0, '{}', SLOT_MS + ms));
    expect(sizes(toBlocks(all, BOUNDS))).to.deep.equal([1, 2, 1, 1]);
    expect(toBlocks(all, BOUNDS).flat()).to.deep.equal(all);
  });

  it('have so many events and no more', () => {
    expect(sizes(toBlocks(events(7), { ...BOUNDS, events: 3 }))).to.deep.equal([3, 3, 1]);
    expect(sizes(toBlocks(events(4), { ...BOUNDS, events: 2.5 }))).to.deep.equal([3, 1]);
    expect(sizes(toBlocks(events(3), { ...BOUNDS, events: 0.5 }))).to.deep.equal([1, 1, 1]);
  });

  it('have so many bytes and no more, but for an event that has more by itself', () => {
    const bounds = { ...BOUNDS, bytes: 10 };
    expect(sizes(toBlocks(events(5, 'x'.repeat(5)), bounds))).to.deep.equal([2, 2, 1]);
    expect(sizes(toBlocks(events(3, 'x'.repeat(6)), bounds))).to.deep.equal([1, 1, 1]);
    const [small, large] = ['x', 'x'.repeat(11)];
    const mixed = [small, small, large, small, small].map((text, n) => event(n, text));
    expect(sizes(toBlocks(mixed, bounds))).to.deep.equal([2, 1, 2]);
  });

  it('begin anew with an event that is not after the one before it', () => {
    const [a, b, c, d] = events(4) as [Event, Event, Event, Event];
    expect(toBlocks([b, d, a, c], BOUNDS)).to.deep.equal([
      [b, d],
      [a, c],
    ]);
    expect(toBlocks([a, a], BOUNDS)).to.deep.equal([[a], [a]]);
    const earlier = event(9, '{}', SLOT_MS - 1);
    expect(toBlocks([a, earlier, b], BOUNDS)).to.deep.equal([[a], [earlier], [b]]);
  });

  it('are none of no events', () => {
    expect(toBlocks([], BOUNDS)).to.deep.equal([]);
  });
});
