import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from 'chai';

const PROGRAM = `
import { endOnSignals } from './scripts/cluster/end-on-signals.ts';
endOnSignals(async () => {
  console.log('stopping');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  console.log('stopped');
});
process.stdin.resume();
console.log('ready');
`;

describe('a program with services of its own', () => {
  it('stops them to the end, however many signals come meanwhile', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', PROGRAM], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      if (line === 'ready') child.kill('SIGTERM');
      if (line !== 'stopping') continue;
      child.kill('SIGTERM');
      child.kill('SIGINT');
      child.stdin.end('go on');
    }
    expect([said, await ended]).to.deep.equal([
      ['ready', 'stopping', 'stopped'],
      [130, null],
    ]);
  });
});
