import { expect } from 'chai';
import { appendFileSync, readFileSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { logSize, openLog, rotateLog, tailLog } from '../../../scripts/cluster/log-file.js';
import { useTemporaryFolder } from '../../support/temporary-folder.js';

describe('a process log', () => {
  const folder = useTemporaryFolder();
  const path = (): string => join(folder.path, 'server1.log');

  it('stays as it is below its limit', () => {
    writeFileSync(path(), 'small\n');
    rotateLog(path(), 100);
    expect(readFileSync(path(), 'utf8')).to.equal('small\n');
  });

  it('is turned over under its writer, who goes on at the new beginning', () => {
    const log = openLog(path());
    writeSync(log, 'old old old\n');
    rotateLog(path(), 10);
    writeSync(log, 'new\n');
    closeSync(log);
    expect(readFileSync(path(), 'utf8')).to.equal('new\n');
    expect(readFileSync(`${path()}.1`, 'utf8')).to.equal('old old old\n');
  });

  it('keeps two old ones', () => {
    for (const content of ['first', 'second', 'third']) {
      appendFileSync(path(), content);
      rotateLog(path(), 1);
    }
    expect([1, 2, 3].map((n) => logSize(`${path()}.${n}`))).to.deep.equal(['third'.length, 'second'.length, 0]);
  });

  it('gives the last lines written since a start', () => {
    writeFileSync(path(), 'of an earlier run\n');
    const from = logSize(path());
    appendFileSync(path(), 'one\n\ntwo\nthree\n');
    expect(tailLog(path(), { lines: 2, from })).to.deep.equal(['two', 'three']);
  });

  it('has no lines when there is no file', () => {
    expect(tailLog(path(), { lines: 5 })).to.deep.equal([]);
  });
});
