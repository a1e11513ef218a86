import { expect } from 'chai';
import { hueOf, initialsOf } from '../../../web/src/model/identity.js';
import { slugFrom } from '../../../web/src/model/slug.js';

describe('people without a picture', () => {
  it('have initials that suit their script', () => {
    const initials = ['Blue Rabbit', 'bob', '홍길동', '길 동', '漢字', '  '].map(initialsOf);
    expect(initials).to.deep.equal(['BR', 'BO', '길동', '길동', '漢', '?']);
  });

  it('keep their colour', () => {
    expect(hueOf('0K3V000000001')).to.equal(hueOf('0K3V000000001'));
    const hues = Array.from({ length: 200 }, (_, n) => hueOf(`0K3V${String(n).padStart(9, '0')}`));
    expect(new Set(hues)).to.have.property('size', 10);
  });
});

describe('the short name of a team', () => {
  it('comes from its name', () => {
    expect(slugFrom('  Blue Team: Été! ')).to.equal('blue-team-ete');
    expect(slugFrom('')).to.equal('');
  });

  it('is valid and stable for a name without Latin letters', () => {
    expect(slugFrom('토끼굴'))
      .to.match(/^team-[a-z0-9]+$/)
      .and.to.equal(slugFrom('토끼굴'))
      .and.not.to.equal(slugFrom('토끼'));
  });

  it('is never too long', () => {
    expect(slugFrom('a'.repeat(100))).to.match(/^[a-z0-9][a-z0-9-]{1,31}$/);
  });
});
