import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Machine } from '../cluster/machine.js';
import type { Verdict } from '../compare/verdict.js';
import { printVerdict } from '../compare/verdict.js';
import { RESULTS } from './save.js';
import { SECTIONS, type Chart, type Section } from './sections.js';
import { escapeHtml } from './svg.js';

interface Saved {
  readonly machine: Machine;
  readonly startedAt: string;
  readonly verdicts: readonly Verdict[];
}

const STYLE = `
  :root { color-scheme: light dark; --own: #b4530a; --other: #7b8794; --line: #8884; }
  @media (prefers-color-scheme: dark) { :root { --own: #f0a35e; --other: #9aa5b1; } }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 780px; margin: 2rem auto; padding: 0 1rem; }
  h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
  svg { width: 100%; height: auto; } text { font: 12px system-ui, sans-serif; fill: currentColor; }
  rect.own, circle.own { fill: var(--own); } rect.other, circle.other { fill: var(--other); }
  path { fill: none; stroke-width: 2; } path.own { stroke: var(--own); } path.other { stroke: var(--other); }
  line.grid { stroke: var(--line); } line.spread { stroke: currentColor; stroke-width: 2; }
  li.aim::marker { content: '✓✓ '; } li.floor::marker { content: '✓ '; } li.short::marker { content: '✗ '; } li { padding-left: .3rem; }
  p.conditions { opacity: .75; font-size: .9rem; }
`;

/** One file with all results that there are: no script, nothing loaded. */
export function renderPage(results: ReadonlyMap<string, unknown>): string {
  const parts = SECTIONS.flatMap((section) => {
    const result = results.get(section.measure);
    return result === undefined ? [] : [renderSection(section, result as Saved)];
  });
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>Warren, measured</title><style>${STYLE}</style></head><body><h1>Warren, measured</h1>`,
    '<p>Medians; the line over a bar’s end is the least and the most of the repeats. ✓✓ aim reached, ✓ floor reached, ✗ short of it.</p>',
    ...parts,
    '</body></html>\n',
  ].join('\n');
}

/** The file, relative to where the command runs. */
export function writePage(): string {
  const results = new Map<string, unknown>();
  for (const { measure } of SECTIONS) {
    const file = join(RESULTS, `${measure}.json`);
    if (existsSync(file)) results.set(measure, JSON.parse(readFileSync(file, 'utf8')));
  }
  const page = join(RESULTS, 'index.html');
  writeFileSync(page, renderPage(results));
  return relative(process.cwd(), page);
}

function renderSection({ measure, title, charts }: Section, result: Saved): string {
  const { machine, startedAt, verdicts } = result;
  const conditions = `${startedAt.slice(0, 16).replace('T', ' ')} UTC · ${machine.cores} cores, ${machine.memoryGib} GiB · ${machine.cpu} · Node ${machine.node.slice(1)}`;
  const said = verdicts.map((verdict) => `<li class="${verdict.reached}">${escapeHtml(printVerdict(verdict).trim())}</li>`);
  return [
    `<section id="${measure}"><h2>${escapeHtml(title)}</h2><p class="conditions">${escapeHtml(conditions)}</p>`,
    said.length === 0 ? '' : `<ul>${said.join('')}</ul>`,
    ...charts(result as never)
      .filter(({ svg }) => svg !== '')
      .map(({ heading, svg }: Chart) => `<h3>${escapeHtml(heading)}</h3>${svg}`),
    '</section>',
  ].join('\n');
}
