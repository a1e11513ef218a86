import { expect } from 'chai';
import { checkRun } from '../../../scripts/prove/check/check.js';
import type { ViolationKind } from '../../../scripts/prove/check/verdict.js';
import { CHANNEL, clientOf, HistoryBuilder } from './history-builder.js';

/** The kinds of violation that the checker finds. */
function findIn(history: HistoryBuilder, troubles: readonly string[] = []): readonly ViolationKind[] {
  const { totals, ok } = checkRun(history.build(), troubles);
  const found = (Object.keys(totals) as ViolationKind[]).filter((kind) => totals[kind] > 0);
  expect(ok).to.equal(found.length === 0);
  return found;
}

/** Three messages that everybody has. */
function goodRun(): HistoryBuilder {
  return new HistoryBuilder().said(0, 'm1').said(1, 'm2').said(0, 'm3');
}

describe('the checker', () => {
  it('finds nothing in a run that kept every promise', () => {
    const history = goodRun().read(1, ['m1', 'm2', 'm3']).screen(0).screen(1, undefined, 'quiet').screen(2);
    expect(findIn(history)).to.deep.equal([]);
    const { counts } = checkRun(history.build());
    expect(counts).to.include({ attempted: 3, acked: 3, messagesAcked: 3, stored: 3, received: 6, reads: 1, withdrawn: 0, recovered: 0 });
  });

  describe('names as lost', () => {
    it('an acknowledged message that is not stored', () => {
      expect(findIn(goodRun().send(0, 'm4', { text: 'x' }).ack(0, 'm4'))).to.deep.equal(['lost']);
    });

    it('an acknowledged edit that the message does not show', () => {
      const history = goodRun().send(0, 'e1', { kind: 'edit', m: 'm1', text: 'better' }).ack(0, 'e1', 'm1');
      expect(findIn(history)).to.deep.equal(['lost']);
    });

    it('an acknowledged deletion of a message that is still there', () => {
      expect(findIn(goodRun().send(0, 'e1', { kind: 'delete', m: 'm1' }).ack(0, 'e1', 'm1'))).to.deep.equal(['lost']);
    });

    it('an acknowledged reaction that the message does not show', () => {
      const history = goodRun().send(1, 'e1', { kind: 'react', m: 'm1', emoji: '👍', action: 'add' }).ack(1, 'e1', 'm1');
      expect(findIn(history)).to.deep.equal(['lost']);
    });
  });

  it('accepts the state that the last acknowledged edit and reactions made', () => {
    const history = new HistoryBuilder().send(0, 'm1', { text: 'first' }).ack(0, 'm1');
    history.send(0, 'e1', { kind: 'edit', m: 'm1', text: 'second' }).ack(0, 'e1', 'm1');
    history.send(1, 'e2', { kind: 'react', m: 'm1', emoji: '👍', action: 'add' }).ack(1, 'e2', 'm1');
    history.send(0, 'e3', { kind: 'react', m: 'm1', emoji: '👍', action: 'add' }).ack(0, 'e3', 'm1');
    history.send(0, 'e4', { kind: 'react', m: 'm1', emoji: '👍', action: 'remove' }).ack(0, 'e4', 'm1');
    expect(findIn(history.store(0, 'm1', 'second', { reactions: '👍:ben' }))).to.deep.equal([]);
  });

  it('says nothing about a message with a command that got no answer', () => {
    const history = goodRun().send(0, 'e1', { kind: 'edit', m: 'm1', text: 'maybe', raw: true });
    expect(findIn(history)).to.deep.equal([]);
  });

  it('says nothing about a message with a command whose client was closed before the answer', () => {
    const history = goodRun().send(0, 'e1', { kind: 'edit', m: 'm1', text: 'maybe' }).fail(0, 'e1', 'CLOSED');
    expect(findIn(history)).to.deep.equal([]);
  });

  it('counts a message that is stored although its sender never heard of it', () => {
    const history = goodRun().send(0, 'm4', { text: 'x', raw: true }).store(0, 'm4', 'x');
    expect(findIn(history)).to.deep.equal([]);
    expect(checkRun(history.build()).counts.recovered).to.equal(1);
  });

  describe('names as unexpected', () => {
    it('a stored message that nobody sent', () => {
      expect(findIn(goodRun().store(0, 'm9'))).to.deep.equal(['unexpected']);
    });

    it('a stored text that nobody wrote', () => {
      expect(findIn(new HistoryBuilder().send(0, 'm1', { text: 'a' }).ack(0, 'm1').store(0, 'm1', 'b'))).to.deep.equal(['unexpected']);
    });

    it('a message that a device was told of and that is stored nowhere', () => {
      expect(findIn(goodRun().tell(1, 'm9', 0))).to.deep.equal(['unexpected']);
    });
  });

  it('names a message that is stored twice', () => {
    const history = goodRun();
    history.stored.push({ ...history.stored[2]!, id: 'm4' });
    expect(findIn(history)).to.deep.equal(['twice-stored']);
  });

  describe('names as out of order', () => {
    it('an id below one that was acknowledged before the send', () => {
      const history = new HistoryBuilder().said(0, 'm5').said(1, 'm2');
      history.stored.reverse();
      expect(findIn(history)).to.deep.equal(['out-of-order']);
    });

    it('two messages of one device that changed places', () => {
      const history = new HistoryBuilder().send(0, 'm2', { text: 'text of m2' }).send(0, 'm1', { text: 'text of m1' });
      history.ack(0, 'm2').ack(0, 'm1').store(0, 'm1').store(0, 'm2');
      expect(findIn(history)).to.deep.equal(['out-of-order']);
    });

    it('a screen that does not follow the ids', () => {
      const history = goodRun();
      expect(findIn(history.screen(1, [...history.stored].reverse()))).to.deep.equal(['out-of-order']);
    });
  });

  it('accepts messages that were under way together in either order', () => {
    const history = new HistoryBuilder().send(0, 'm2', { text: 'text of m2' }).send(1, 'm1', { text: 'text of m1' });
    history.ack(0, 'm2').ack(1, 'm1').store(1, 'm1').store(0, 'm2');
    expect(findIn(history)).to.deep.equal([]);
  });

  describe('names as missed', () => {
    it('a message that a quiet screen lacks', () => {
      const history = goodRun();
      expect(findIn(history.screen(1, history.stored.slice(0, 2), 'quiet'))).to.deep.equal(['missed']);
    });

    it('an older state of a message', () => {
      const history = goodRun();
      const [first, ...rest] = history.stored;
      expect(findIn(history.screen(1, [{ ...first!, reactions: '👍:ann' }, ...rest]))).to.deep.equal(['missed']);
    });
  });

  it('does not expect everything on a screen while things are going on', () => {
    const history = goodRun();
    expect(findIn(history.screen(1, history.stored.slice(0, 1), 'moment'))).to.deep.equal([]);
  });

  describe('names as duplicated', () => {
    it('a message that a device was told of twice', () => {
      expect(findIn(goodRun().tell(1, 'm1', 0))).to.deep.equal(['duplicated']);
    });

    it('a message that is on a screen twice', () => {
      const history = goodRun();
      expect(findIn(history.screen(1, [...history.stored, history.stored[2]!], 'moment'))).to.deep.equal(['duplicated']);
    });

    it('a second copy that stays on a screen', () => {
      const history = goodRun();
      const copy = { ...history.stored[2]!, id: 'm4' };
      expect(findIn(history.screen(1, [...history.stored, copy]))).to.deep.equal(['duplicated']);
    });
  });

  it('counts a second copy that was shown and voided after Redis had lost its data', () => {
    const history = new HistoryBuilder().send(0, 'm3', { text: 'text of m3' }).forget().ack(0, 'm3').store(0, 'm3');
    history.tell(1, 'm3', 0).tell(1, 'm4', 0, clientOf('m3'));
    expect(findIn(history)).to.deep.equal([]);
    expect(checkRun(history.build()).counts.withdrawn).to.equal(1);
  });

  it('does not excuse a second copy of what was sent after that', () => {
    const history = new HistoryBuilder().forget().said(0, 'm3').tell(1, 'm4', 0, clientOf('m3'));
    expect(findIn(history)).to.deep.equal(['duplicated']);
  });

  describe('names as unread', () => {
    it('an acknowledged message that a later page lacks', () => {
      expect(findIn(goodRun().read(1, ['m1', 'm2']))).to.deep.equal(['unread-after-ack']);
    });

    it('an acknowledged edit that a later page does not have', () => {
      const history = new HistoryBuilder().send(0, 'm1', { text: 'a' }).ack(0, 'm1');
      history.send(0, 'm2', { kind: 'edit', m: 'm1', text: 'b' }).ack(0, 'm2', 'm1').store(0, 'm1', 'b').read(1, ['m1@m1']);
      expect(findIn(history)).to.deep.equal(['unread-after-ack']);
    });
  });

  it('does not expect on a page what was acknowledged after it was asked for, or lies before it', () => {
    const history = new HistoryBuilder().said(0, 'm1').said(0, 'm2').read(1, ['m2'], true).said(0, 'm3');
    expect(findIn(history)).to.deep.equal([]);
  });

  describe('names as refused', () => {
    it('a right command', () => {
      expect(findIn(goodRun().send(0, 'e1', { kind: 'edit', m: 'm1', text: 'x' }).fail(0, 'e1', 'NOT_FOUND'))).to.deep.equal(['refused']);
    });

    it('a device that was logged out', () => {
      expect(findIn(goodRun().stopped(1, 'SESSION_REVOKED'))).to.deep.equal(['refused']);
    });
  });

  it('accepts the refusal of a reaction to a deleted message', () => {
    const history = goodRun().send(1, 'e1', { kind: 'react', m: 'm1', emoji: '👍', action: 'add' }).fail(1, 'e1', 'MESSAGE_DELETED');
    expect(findIn(history)).to.deep.equal([]);
  });

  describe('names as unsettled', () => {
    it('a command without an answer', () => {
      expect(findIn(goodRun().send(0, 'm4', { text: 'x' }))).to.deep.equal(['unsettled']);
    });

    it('a pending message on a screen of the end', () => {
      expect(findIn(goodRun().screen(0, undefined, 'quiet', 1))).to.deep.equal(['unsettled']);
    });

    it('a device that did not come back', () => {
      expect(findIn(goodRun(), ['device 1 is waiting'])).to.deep.equal(['unsettled']);
    });
  });

  it('tells when, where and what', () => {
    const { violations } = checkRun(goodRun().read(1, ['m1', 'm2']).build());
    expect(violations).to.have.length(1);
    expect(violations[0]?.what).to.contain(clientOf('m3')).and.to.contain(CHANNEL).and.to.contain('device 1');
    expect(violations[0]?.t).to.be.a('number');
  });
});
