import { expect } from 'chai';
import { checkRun } from '../../../scripts/prove/check/check.js';
import { renderHtml } from '../../../scripts/prove/report/html.js';
import { renderText } from '../../../scripts/prove/report/text.js';
import { HistoryBuilder } from './history-builder.js';

const RUN = { seed: 42, command: 'npm run prove -- --seed 42', startedAt: '2026-11-18T10:30:00.123Z', versions: { Redis: '7.0.15' } };

describe('the report', () => {
  const good = checkRun(new HistoryBuilder().said(0, 'm1').fault(5, 30).build());
  const bad = checkRun(new HistoryBuilder().said(0, 'm1').send(0, 'm2', { text: '<script>' }).ack(0, 'm2').build());

  it('says in its last line that every promise held', () => {
    expect(renderText(good).split('\n').at(-1)).to.equal('Every promise held.');
  });

  it('names the broken promise in its last line', () => {
    expect(renderText(bad).split('\n').at(-1)).to.equal('BROKEN: promise 1, lost (1)');
  });

  it('is a page with the verdict, the seed, the versions and each fault', () => {
    const page = renderHtml(good, RUN);
    expect(page).to.contain('Every promise held').and.to.contain('seed 42').and.to.contain('7.0.15').and.to.contain('kill-server: server1');
  });

  it('loads nothing from elsewhere', () => {
    expect(renderHtml(bad, RUN)).to.not.match(/(src|href)=|url\(|@import/);
  });
});
