import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { projectFiles, sourceFiles } from './source-files.js';

const MAX_LINES = 300;
const VAGUE = /(^|[-.])(utils?|helpers?|common|managers?|misc|stuff)([-.]|$)/;
const UNFINISHED = /\b(TODO|FIXME|XXX|HACK)\b/;
const SELF = 'test/architecture/files.test.ts';

describe('files', () => {
  const sources = sourceFiles();

  it(`have at most ${MAX_LINES} lines`, () => {
    const long = sources.map((file) => ({ file, lines: readFileSync(file, 'utf8').trimEnd().split('\n').length }));
    expect(long.filter(({ lines }) => lines > MAX_LINES)).to.deep.equal([]);
  });

  it('have names that say what is in them', () => {
    expect(sources.filter((file) => VAGUE.test(basename(file)))).to.deep.equal([]);
  });

  it('have names in kebab case', () => {
    const odd = sources.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|contract|config))?\.tsx?$/.test(basename(file)));
    expect(odd).to.deep.equal([]);
  });

  it('leave nothing for later', () => {
    const texts = projectFiles().filter((file) => /\.(ts|tsx|mjs|sh|lua|md|yml|go|css|html)$/.test(file) && file !== SELF);
    expect(texts.filter((file) => UNFINISHED.test(readFileSync(file, 'utf8')))).to.deep.equal([]);
  });

  it('switch no lint rule off without saying why', () => {
    const silent = sources.filter((file) => /eslint-disable(?!.*--\s+\S)/.test(readFileSync(file, 'utf8')) && file !== SELF);
    expect(silent).to.deep.equal([]);
  });

  it('name no machine’s folders', () => {
    const own = new RegExp(['/work', '/main\\b|/tmp', '/w/'].join(''));
    const texts = projectFiles().filter((file) => /\.(ts|tsx|mjs|sh|lua|md|yml|json|go)$/.test(file) && file !== SELF);
    expect(texts.filter((file) => own.test(readFileSync(file, 'utf8')))).to.deep.equal([]);
  });
});
