import { expect } from 'chai';
import { ConfigError, integer, readConfig, text } from '../../../shared/config/define.js';
import { API_CONFIG, SERVER_CONFIG, WORKER_CONFIG } from '../../../shared/config/schemas.js';

describe('configuration', () => {
  const schema = {
    NAME: text('A name.'),
    SIZE: integer('A size.', { min: 1, max: 9, fallback: '3' }),
    KEY: text('A key.', { secret: true }),
  };

  it('names every bad and missing key at once, and no secret', () => {
    const read = (): unknown => readConfig(schema, { SIZE: '12', KEY: '' });
    expect(read).to.throw(ConfigError).with.property('problems').that.has.lengthOf(3);
    expect(read).to.throw(/SIZE must be from 1 to 9/);
  });

  it('takes defaults for what is absent or empty', () => {
    expect(readConfig(schema, { NAME: 'n', SIZE: '', KEY: 'k' })).to.deep.equal({ NAME: 'n', SIZE: 3, KEY: 'k' });
  });

  it('has a valid default and a doc line for every key of every process', () => {
    for (const [name, key] of Object.entries({ ...SERVER_CONFIG, ...API_CONFIG, ...WORKER_CONFIG })) {
      expect(key.doc, name).to.match(/\.$/);
      if (key.fallback !== undefined) expect(key.schema.safeParse(key.fallback).success, name).to.equal(true);
    }
  });
});
