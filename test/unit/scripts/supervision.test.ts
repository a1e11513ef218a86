import { expect } from 'chai';
import type { ManagedProcess } from '../../../scripts/cluster/managed-process.js';
import { PortAllocator } from '../../../scripts/cluster/ports.js';
import { keepAlive, restartPauseMs } from '../../../scripts/cluster/supervision.js';
import { standIn } from '../../support/stand-in.js';
import { useTemporaryFolder } from '../../support/temporary-folder.js';

type OnCrash = ManagedProcess['onCrash'];

describe('supervision', () => {
  const folder = useTemporaryFolder();
  let child: ManagedProcess;
  let over: AbortController;

  beforeEach(async () => {
    over = new AbortController();
    child = standIn(folder.path, { kind: 'serves', port: await new PortAllocator().take('test', 0), name: 'server2' });
    await child.start();
  });

  afterEach(async () => {
    over.abort();
    await child.stop();
  });

  /** Supervises the child and resolves with what was said once a line matches. */
  const superviseUntil = (pattern: RegExp): Promise<readonly string[]> =>
    new Promise((resolve) => {
      const said: string[] = [];
      const report = (line: string): void => {
        said.push(line);
        if (pattern.test(line)) resolve(said);
      };
      keepAlive(child, { report, signal: over.signal });
    });

  /** The supervisor hears of the crash, and the process is stopped while it pauses. */
  const stopRightAfter =
    (onCrash: OnCrash): OnCrash =>
    (exit) => {
      onCrash?.(exit);
      void child.stop();
    };

  it('starts a process again that was killed, and says both', async () => {
    const first = child.pid;
    const back = superviseUntil(/is back/);
    child.kill('SIGKILL');
    const said = await back;
    expect(said[0]).to.match(/^server2 ended \(SIGKILL\); starting it again in 0\.5 s\. Log: .*server2\.log$/);
    expect(said[1]).to.equal(`server2 is back, process ${child.pid ?? 'none'}`);
    expect(child.pid).not.to.equal(first);
  });

  it('does not bring back what was stopped during the pause', async () => {
    const settled = superviseUntil(/is back|stays down/);
    child.onCrash = stopRightAfter(child.onCrash);
    child.kill('SIGKILL');
    expect((await settled).at(-1)).to.equal('server2 stays down: it has been stopped');
    expect(child.pid).to.equal(undefined);
  });

  it('says of what was stopped while it started again no more than that', async () => {
    const settled = superviseUntil(/is back|stays down/);
    const start = child.start.bind(child);
    child.start = () => {
      const starting = start();
      void child.stop();
      return starting;
    };
    child.kill('SIGKILL');
    const [ended, ...rest] = await settled;
    expect(ended).to.match(/^server2 ended \(SIGKILL\)/);
    expect(rest).to.deep.equal(['server2 stays down: it has been stopped']);
  });

  it('waits longer after each crash in a row, up to ten seconds', () => {
    expect([0, 1, 2, 3, 4, 5, 9].map(restartPauseMs)).to.deep.equal([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });
});
