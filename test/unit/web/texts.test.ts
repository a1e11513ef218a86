import { expect } from 'chai';
import { ERROR_CODES } from '../../../shared/errors/codes.js';
import { en } from '../../../web/src/i18n/en.js';
import { ko } from '../../../web/src/i18n/ko.js';
import { browserLocale, errorText, locale, t, tCount } from '../../../web/src/i18n/text.js';

const placeholders = (text: string): readonly string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

describe('texts of the page', () => {
  afterEach(() => {
    locale.value = 'en';
  });

  it('say every error of the table', () => {
    expect(Object.keys(en)).to.include.members(Object.keys(ERROR_CODES).map((code) => `error.${code}`));
  });

  it('have the same values to fill in in both languages', () => {
    for (const [key, text] of Object.entries(en)) expect(placeholders(ko[key as keyof typeof en]), key).to.deep.equal(placeholders(text));
  });

  it('follow the language', () => {
    locale.value = 'ko';
    expect(t('status.onlineOn', { server: 'server2' })).to.equal('server2에 연결됨');
    expect(errorText('USERNAME_TAKEN')).to.equal(ko['error.USERNAME_TAKEN']);
  });

  it('count', () => {
    expect([tCount('messages.new', 1), tCount('messages.new', 1200)]).to.deep.equal(['1 new message', '1,200 new messages']);
  });

  it('do not know every code, and say so in words', () => {
    expect(errorText('SOMETHING_NEW')).to.equal(en['error.UNKNOWN']);
  });

  it('begin in the first language of the browser that there is', () => {
    expect(browserLocale(['ja-JP', 'ko-KR', 'en'])).to.equal('ko');
    expect(browserLocale(['de'])).to.equal('en');
  });
});
