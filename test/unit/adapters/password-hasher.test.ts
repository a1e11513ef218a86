import { expect } from 'chai';
import { Argon2PasswordHasher } from '../../../shared/adapters/argon2/password-hasher.js';

describe('password hashes', () => {
  it('are argon2id with a salt of their own', async () => {
    const hasher = new Argon2PasswordHasher();
    const [one, two] = await Promise.all([hasher.hash('secret'), hasher.hash('secret')]);
    expect(one).to.match(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).to.not.equal(two);
  });

  it('know the right password from a wrong one', async () => {
    const hasher = new Argon2PasswordHasher();
    const hash = await hasher.hash('비밀번호입니다');
    expect(await hasher.verify(hash, '비밀번호입니다')).to.equal(true);
    expect(await hasher.verify(hash, '비밀번호입니다 ')).to.equal(false);
  });

  it('of nobody match no password', async () => {
    expect(await new Argon2PasswordHasher().verify(undefined, 'secret')).to.equal(false);
  });

  it('are refused when too many wait', async () => {
    const hasher = new Argon2PasswordHasher({ parallel: 1, waiting: 1 });
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => hasher.verify(undefined, 'secret')));
    expect(outcomes.map((outcome) => outcome.status)).to.deep.equal(['fulfilled', 'fulfilled', 'rejected']);
    expect(outcomes[2]).to.have.nested.property('reason.code', 'OVERLOADED');
  });

  it('are made again after a refusal', async () => {
    const hasher = new Argon2PasswordHasher({ parallel: 1, waiting: 0 });
    await Promise.allSettled([hasher.hash('a'), hasher.hash('b')]);
    expect(await hasher.hash('c')).to.be.a('string');
  });
});
