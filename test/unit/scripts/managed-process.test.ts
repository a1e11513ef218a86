import { expect } from 'chai';
import { join } from 'node:path';
import { PortAllocator } from '../../../scripts/cluster/ports.js';
import { StartError, type ManagedProcess } from '../../../scripts/cluster/managed-process.js';
import { liveProcesses, processStartTime } from '../../../scripts/cluster/pid-file.js';
import { standIn, type StandInKind } from '../../support/stand-in.js';
import { useTemporaryFolder } from '../../support/temporary-folder.js';

describe('a managed process', () => {
  const folder = useTemporaryFolder();
  const ports = new PortAllocator();
  let child: ManagedProcess | undefined;

  const make = async (kind: StandInKind): Promise<ManagedProcess> => {
    child = standIn(folder.path, { kind, port: await ports.take('test', 0) });
    return child;
  };

  afterEach(async () => {
    await child?.stop();
  });

  it('has started when it answers, and is written down with its start time', async () => {
    const running = await make('serves');
    await running.start();
    const records = liveProcesses(join(folder.path, 'run'));
    expect(records.map(({ name, pid }) => ({ name, pid }))).to.deep.equal([{ name: 'stand-in', pid: running.pid }]);
  });

  it('is gone and forgotten after a stop', async () => {
    const running = await make('serves');
    await running.start();
    const pid = running.pid!;
    await running.stop();
    expect(processStartTime(pid)).to.equal(undefined);
    expect(liveProcesses(join(folder.path, 'run'))).to.deep.equal([]);
  });

  it('is killed when it ignores the request to stop', async () => {
    const running = await make('stubborn');
    await running.start();
    const pid = running.pid!;
    await running.stop();
    expect(processStartTime(pid)).to.equal(undefined);
  });

  it('stops although it is frozen', async () => {
    const running = await make('serves');
    await running.start();
    const pid = running.pid!;
    running.kill('SIGSTOP');
    await running.stop();
    expect(processStartTime(pid)).to.equal(undefined);
  });

  it('reports the end of its log and what to do when it ends before it is ready', async () => {
    const failing = await make('ends');
    const error = await failing.start().then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(error).to.be.instanceOf(StartError);
    expect((error as Error).message)
      .to.contain('exit code 3')
      .and.to.contain('| cannot find the thing')
      .and.to.contain('What to do: find the thing.');
  });

  it('is stopped again when it does not become ready in time', async () => {
    const mute = await make('mute');
    const error = await mute.start().then(
      () => undefined,
      (e: unknown) => e,
    );
    expect((error as Error).message).to.contain('was not ready within 0.1 s');
    expect(liveProcesses(join(folder.path, 'run'))).to.deep.equal([]);
  });

  it('tells its supervisor about an end that nobody asked for', async () => {
    const running = await make('serves');
    await running.start();
    const crash = new Promise((resolve) => (running.onCrash = resolve));
    running.kill('SIGKILL');
    expect(await crash).to.deep.equal({ code: null, signal: 'SIGKILL' });
  });

  it('says nothing about an end that was asked for', async () => {
    const running = await make('serves');
    await running.start();
    let crashes = 0;
    running.onCrash = () => (crashes += 1);
    await running.stop();
    expect(crashes).to.equal(0);
  });
});
