import { expect } from 'chai';
import type { TraceReport, TraceReports } from '../../shared/ports/index.js';
import type { DescribeHotPath, HotPath } from './hot-path-fixtures.js';

const report = (process: string): TraceReport => ({ process, steps: [{ step: 'committed', at: 1_795_000_000_000, subject: 'server2' }] });

export const describeTraceReportsContract: DescribeHotPath = (name, open) => {
  describe(name, () => {
    let hotPath: HotPath;
    let traces: TraceReports;

    beforeEach(async () => {
      hotPath = await open();
      traces = hotPath.traces;
    });
    afterEach(() => hotPath.close());

    it('collects what has been posted to a request, in that order', async () => {
      await traces.post('r1', report('server server1'));
      await traces.post('r1', report('worker'));
      expect(await traces.collect('r1')).to.deep.equal([report('server server1'), report('worker')]);
    });

    it('collects again what has come since', async () => {
      await traces.post('r1', report('server server1'));
      await traces.collect('r1');
      await traces.post('r1', report('worker'));
      expect(await traces.collect('r1')).to.have.length(2);
    });

    it('keeps requests apart', async () => {
      await traces.post('r1', report('server server1'));
      expect(await traces.collect('r2')).to.deep.equal([]);
    });

    it('loses no report of those that come at once', async () => {
      await Promise.all(Array.from({ length: 20 }, (_, n) => traces.post('r1', report(`server server${n}`))));
      expect(await traces.collect('r1')).to.have.length(20);
    });
  });
};
