import { expect } from 'chai';
import { checkRun } from '../../../scripts/prove/check/check.js';
import { percentile } from '../../../scripts/prove/check/percentile.js';
import { HistoryBuilder } from './history-builder.js';

describe('interruptions', () => {
  it('last from the fault to the answer of the device that waited longest', () => {
    const history = new HistoryBuilder();
    history.send(0, 'm1', { text: 'text of m1' }).tick(4_000);
    history.ack(0, 'm1').store(0, 'm1').fault(1_000, 3_000);
    const [interruption] = checkRun(history.build()).interruptions;
    expect(interruption).to.include({ kind: 'kill-server', worstMs: 3_020, worstAfterMs: 1_020 });
  });

  it('count how late a device was told of what somebody else had sent', () => {
    const history = new HistoryBuilder().fault(0, 0).send(0, 'm1', { text: 'text of m1' }).ack(0, 'm1').store(0, 'm1');
    history.tick(500);
    history.tell(1, 'm1', 0);
    expect(checkRun(history.build()).interruptions[0]?.worstMs).to.equal(510);
  });

  it('are none where everything went on as usual', () => {
    const history = new HistoryBuilder().said(0, 'm1').fault(30, 40).said(1, 'm2');
    expect(checkRun(history.build()).interruptions[0]).to.include({ worstMs: 0, p99Ms: 0 });
  });

  it('are drawn over the seconds of the run', () => {
    const history = new HistoryBuilder().said(0, 'm1');
    history.tick(2_000);
    history.said(1, 'm2');
    const { timeline } = checkRun(history.build());
    expect(timeline.map(({ sent, acked, received }) => [sent, acked, received])).to.deep.equal([
      [1, 1, 2],
      [0, 0, 0],
      [1, 1, 2],
    ]);
  });
});

describe('a percentile', () => {
  it('is the smallest value that this share does not exceed', () => {
    const values = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1), percentile([], 0.5)]).to.deep.equal([50, 99, 100, 0]);
  });
});
