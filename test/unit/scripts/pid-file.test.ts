import { expect } from 'chai';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManagedProcess } from '../../../scripts/cluster/managed-process.js';
import { claimPidFile, endProcess, liveProcesses, pidFile, processStartTime, readPidFile } from '../../../scripts/cluster/pid-file.js';
import { PortAllocator } from '../../../scripts/cluster/ports.js';
import { stopRecorded } from '../../../scripts/cluster/stop-recorded.js';
import { standIn } from '../../support/stand-in.js';
import { useTemporaryFolder } from '../../support/temporary-folder.js';

describe('pid files', () => {
  const folder = useTemporaryFolder();
  const started: ManagedProcess[] = [];

  const startStandIn = async (name: string): Promise<ManagedProcess> => {
    const child = standIn(folder.path, { kind: 'serves', port: await new PortAllocator().take('test', 0), name });
    started.push(child);
    await child.start();
    return child;
  };

  afterEach(async () => {
    await Promise.all(started.splice(0).map((child) => child.stop()));
  });

  it('are claimed by one process only', () => {
    const path = join(folder.path, 'run', 'supervisor.pid');
    expect(claimPidFile(path)).to.equal(true);
    expect(claimPidFile(path)).to.equal(false);
  });

  it('are taken over from a process that is gone', () => {
    const path = join(folder.path, 'supervisor.pid');
    writeFileSync(path, '4194300 123\n');
    expect(claimPidFile(path)).to.equal(true);
    expect(readPidFile(path)?.pid).to.equal(process.pid);
  });

  it('never name a process that got the number later', async () => {
    const child = await startStandIn('other');
    const record = { name: 'other', pid: child.pid!, startTime: '1' };
    await endProcess(record, 1000);
    expect(processStartTime(child.pid!)).not.to.equal(undefined);
  });

  it('that hold nonsense are ignored', () => {
    const run = join(folder.path, 'run');
    mkdirSync(run);
    writeFileSync(pidFile(run, 'server1'), 'rm -rf\n');
    expect(liveProcesses(run)).to.deep.equal([]);
  });

  it('let somebody else stop what a killed supervisor left behind', async () => {
    const child = await startStandIn('server1');
    const pid = child.pid!;
    const said: string[] = [];
    await stopRecorded(join(folder.path, 'run'), (line) => said.push(line));
    expect(processStartTime(pid)).to.equal(undefined);
    expect(said).to.have.lengthOf(1);
    expect(said[0]).to.contain('stopped server1');
  });
});
