import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { referencePages } from '../../scripts/reference/pages.js';
import { ERROR_CODES } from '../../shared/errors/codes.js';

describe('docs/reference', () => {
  for (const { path, text } of referencePages(process.cwd())) {
    it(`${path} is what the code says (npm run reference writes it)`, () => {
      expect(existsSync(path), `${path} exists`).to.equal(true);
      expect(readFileSync(path, 'utf8')).to.equal(text);
    });
  }

  it('errors.md and the table name the same codes, both ways', () => {
    const documented = [...readFileSync('docs/reference/errors.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
    expect(documented).to.deep.equal(Object.keys(ERROR_CODES));
  });
});
