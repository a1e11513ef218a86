import { expect } from 'chai';
import { foldText, isOnlyEmoji, parseText } from '../../../web/src/model/rich-text.js';

const linksOf = (content: string): readonly string[] => parseText(content).flatMap((part) => (part.kind === 'link' ? [part.url] : []));
const textOf = (content: string): string => parseText(content).reduce((text, part) => text + part.text, '');

describe('text of a message', () => {
  it('has links for http and https only', () => {
    expect(linksOf('http://a.example/x https://b.example javascript:alert(1) data:text/html,x ftp://c.example')).to.deep.equal([
      'http://a.example/x',
      'https://b.example/',
    ]);
  });

  it('leaves the punctuation of the sentence out of a link', () => {
    expect(linksOf('보세요: https://a.example/b。 그리고 (https://a.example/c), "https://a.example/d".')).to.deep.equal([
      'https://a.example/b',
      'https://a.example/c',
      'https://a.example/d',
    ]);
  });

  it('keeps brackets that a link opens itself', () => {
    expect(linksOf('https://a.example/Warren_(burrow)')).to.deep.equal(['https://a.example/Warren_(burrow)']);
  });

  it('stays the same text, marks of code aside', () => {
    const content = '@bob 줄\n바꿈 https://a.example/?q=1&r=2. <b>x</b> mail@example.com';
    expect(textOf(content)).to.equal(content);
  });

  it('has mentions, but not inside a mail address', () => {
    const mentions = parseText('@bob 그리고 mail@example.com, @carol.').flatMap((part) => (part.kind === 'mention' ? [part.text] : []));
    expect(mentions).to.deep.equal(['@bob', '@carol']);
  });

  it('has code between backticks, in which nothing else is read', () => {
    expect(parseText('a `https://a.example @bob` b')).to.deep.equal([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: 'https://a.example @bob' },
      { kind: 'text', text: ' b' },
    ]);
  });

  it('is folded when it is very long, or has very many lines', () => {
    expect(foldText('짧은 글')).to.equal(undefined);
    expect(foldText('가'.repeat(100_000))).to.have.length(3_000);
    expect(foldText('x\n'.repeat(500))?.split('\n')).to.have.length(40);
  });

  it('is large when it is one to three emoji and nothing else', () => {
    for (const content of ['🎉', '👏👏', '👩‍💻 👍🏽 ❤️']) expect(isOnlyEmoji(content), content).to.equal(true);
    for (const content of ['🎉!', '123', '', '🎉🎉🎉🎉']) expect(isOnlyEmoji(content), content).to.equal(false);
  });
});
