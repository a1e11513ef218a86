import { expect } from 'chai';
import { encodeBatchHead, parseBatch, readBatchHead, type BatchHead } from '../../../shared/protocol/event-batch.js';
import { joinLines } from '../../../shared/protocol/lines.js';

const HEAD: BatchHead = { type: 'batch', producer: 'p', number: 3, appended: [1, 2] };

interface Line {
  readonly type: string;
  readonly content: string;
}

const line = (n: number, content: string): Line => ({ type: `message ${n}`, content });
const encode = (lines: readonly Line[]): Uint8Array => joinLines(lines.map((each) => Buffer.from(JSON.stringify(each))));

describe('event batch', () => {
  it('gives back every event, in order', () => {
    const lines = ['a\nb', '가나다', ''].map((content, n) => line(n, content));
    expect(parseBatch(encode(lines))).to.deep.equal(lines);
    expect(parseBatch(joinLines([]))).to.deep.equal([]);
  });

  it('cuts a large batch between its lines only, however long they are', () => {
    const lengths = [1, 40_000, 25_490, 70_000, 0, 300_000, 3, 65_500, 65_536];
    // Three bytes a character: a cut by bytes alone would hit the middle of one.
    const lines = lengths.map((length, n) => line(n, '가'.repeat(length / 3) + 'x'.repeat(length % 3)));
    expect(parseBatch(encode(lines))).to.deep.equal(lines);
    expect(parseBatch(encode(lines.toReversed()))).to.deep.equal(lines.toReversed());
  });

  it('throws for a line that cannot be read, wherever it is', () => {
    const large = encode([line(1, 'x'.repeat(70_000)), line(2, 'y')]);
    for (const bytes of [joinLines([large, Buffer.from('{')]), joinLines([Buffer.from('{'), large])])
      expect(() => parseBatch(bytes)).to.throw(SyntaxError);
  });

  it('reads the head without what follows it', () => {
    expect(readBatchHead(joinLines([encodeBatchHead(HEAD), Buffer.from('{')]))).to.deep.equal(HEAD);
    expect(readBatchHead(encodeBatchHead(HEAD))).to.deep.equal(HEAD);
  });

  it('finds no head where there is none', () => {
    expect(readBatchHead(encode([line(1, 'x')]))).to.equal(undefined);
    expect(readBatchHead(joinLines([Buffer.from('{'), encodeBatchHead(HEAD)]))).to.equal(undefined);
    expect(readBatchHead(joinLines([]))).to.equal(undefined);
  });
});
