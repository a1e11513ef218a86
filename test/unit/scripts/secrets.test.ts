import { expect } from 'chai';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { loadSecrets } from '../../../scripts/cluster/secrets.js';
import { useTemporaryFolder } from '../../support/temporary-folder.js';

describe('the secrets of a cluster', () => {
  const folder = useTemporaryFolder();

  it('are made once', () => {
    const path = join(folder.path, 'new', 'secrets.json');
    expect(loadSecrets(path)).to.deep.equal(loadSecrets(path));
  });

  it('are readable by their owner only', () => {
    const path = join(folder.path, 'secrets.json');
    loadSecrets(path);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
  });

  it('differ between clusters, and are long enough to sign tokens', () => {
    const [a, b] = [loadSecrets(join(folder.path, 'a.json')), loadSecrets(join(folder.path, 'b.json'))];
    expect(a.jwtSecret).not.to.equal(b.jwtSecret);
    expect(a.jwtSecret.length).to.be.at.least(32);
  });
});
