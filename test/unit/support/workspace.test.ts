import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pidFile, recordProcess } from '../../../scripts/cluster/pid-file.js';
import { openWorkspace, removeWorkspace, temporaryFolder } from '../../support/runner/workspace.js';
import { useTemporaryFolder } from '../../support/temporary-folder.js';

describe('the workspace of a test run', () => {
  const base = useTemporaryFolder();
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  it('ends what a test that was killed has left running, and removes its folders', async () => {
    const workspace = await openWorkspace(base.path);
    const left = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    child = left;
    const ended = once(left, 'exit');
    recordProcess(pidFile(join(temporaryFolder(workspace), 'warren-prove-1', 'cluster', 'run'), 'server1'), left.pid ?? 0);
    await removeWorkspace(workspace);
    await ended;
    expect([workspace, temporaryFolder(workspace)].filter((path) => existsSync(path))).to.deep.equal([]);
  });
});
