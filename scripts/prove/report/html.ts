import { VIOLATIONS, type Interruption, type Recovery, type Verdict, type ViolationKind } from '../check/verdict.js';
import { drawChart } from './chart.js';
import { summarize } from './text.js';

/** What a reader needs to repeat the run. */
export interface RunFacts {
  readonly seed: number;
  readonly command: string;
  readonly startedAt: string;
  readonly versions: Readonly<Record<string, string>>;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5c6b7a; --line: #d8dee5; --paper: #ffffff; --panel: #f6f8fa; --good: #12723f; --bad: #b3261e; --acked: #2463b8; --latency: #b35c00; --fault: #8a2be2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa7b4; --line: #30363d; --paper: #0d1117; --panel: #161b22; --good: #4cc38a; --bad: #ff7b72; --acked: #6cb0ff; --latency: #ffb366; --fault: #c792ea; } }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 72rem; background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, "Noto Sans KR", sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
p, li { max-width: 62rem; } .soft { color: var(--soft); } .good { color: var(--good); } .bad { color: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; padding: 0; margin: 1.2rem 0; list-style: none; }
.figures li { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem; } .figures b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; } th { color: var(--soft); font-weight: 600; } td.n, th.n { text-align: right; white-space: nowrap; }
.chart { width: 100%; height: auto; background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; } code { font-size: .92em; }
.scroll { overflow-x: auto; }`;

/** One page without anything from elsewhere. */
export function renderHtml(verdict: Verdict, run: RunFacts): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Warren, proved under failure: seed ${run.seed}</title><style>${STYLE}</style></head><body>
<h1>${verdict.ok ? '<span class="good">Every promise held</span>' : '<span class="bad">Promises were broken</span>'}</h1>
<p class="soft">Warren under ${done(verdict.interruptions).length} faults, seed ${run.seed}, ${escape(run.startedAt)}. Again: <code>${escape(run.command)}</code></p>
${figures(verdict)}
<h2>The promises</h2>${promises(verdict)}${findings(verdict)}
<h2>The run</h2><p class="soft">Acknowledged commands a second, their latency (99th percentile, logarithmic), and the faults, from breaking to whole again. Point at a fault to read what it was.</p>
${drawChart(verdict)}
<h2>How long faults were felt</h2>${interruptions(verdict.interruptions)}
${recoveries(verdict.recoveries)}
<h2>Every fault</h2><div class="scroll">${faultList(verdict.interruptions)}</div>
<h2>Versions</h2>${versions(run)}
</body></html>
`;
}

function figures({ counts }: Verdict): string {
  const items: readonly (readonly [number, string])[] = [
    [counts.attempted, 'commands given'],
    [counts.acked, 'acknowledged'],
    [counts.stored, 'messages stored'],
    [counts.received, 'received by devices'],
    [counts.reads, 'pages of history read'],
    [counts.recovered, 'stored without an ack'],
    [counts.withdrawn, 'second copies withdrawn'],
    [counts.refused, 'refused'],
  ];
  return `<ul class="figures">${items.map(([n, what]) => `<li><b>${n.toLocaleString('en')}</b>${what}</li>`).join('')}</ul>`;
}

function promises({ totals }: Verdict): string {
  const rows = (Object.keys(VIOLATIONS) as ViolationKind[]).map((kind) => {
    const { promise, title, says } = VIOLATIONS[kind];
    const mark = totals[kind] === 0 ? '<span class="good">✔</span>' : '<span class="bad">✘</span>';
    return `<tr><td>${mark}</td><td>${title}</td><td class="n">${totals[kind]}</td><td class="n">${promise}</td><td class="soft">${says}</td></tr>`;
  });
  return `<table><tr><th></th><th>violation</th><th class="n">times</th><th class="n">promise</th><th>what it would mean</th></tr>${rows.join('')}</table>`;
}

function findings({ violations }: Verdict): string {
  if (violations.length === 0) return '';
  const items = violations.map(
    ({ kind, what, t }) => `<li>${VIOLATIONS[kind].title}${t === undefined ? '' : ` at ${seconds(t)}`}: ${escape(what)}</li>`,
  );
  return `<h2>What was found</h2><p class="soft">The first of each kind.</p><ul>${items.join('')}</ul>`;
}

function interruptions(all: readonly Interruption[]): string {
  const rows = summarize(all).map((one) =>
    one.skipped === undefined
      ? `<tr><td>${one.kind}</td><td class="n">${one.times}</td><td class="n">${ms(one.p99Ms)}</td><td class="n">${ms(one.worstMs)}</td><td class="n">${ms(one.p99AfterMs)}</td><td class="n">${ms(one.worstAfterMs)}</td></tr>`
      : `<tr><td>${one.kind}</td><td colspan="5" class="soft">skipped: ${escape(one.skipped)}</td></tr>`,
  );
  return `<table><tr><th>fault</th><th class="n">times</th><th class="n">wait, p99</th><th class="n">worst</th><th class="n">after it was whole, p99</th><th class="n">worst</th></tr>${rows.join('')}</table>
<p class="soft">A device waits for an ack, or for a message that somebody else has an ack for. p99 over devices (the median of the faults of a kind), worst over everything. Two lanes of faults run side by side: what overlaps shares its waits.</p>`;
}

function recoveries(all: readonly Recovery[]): string {
  if (all.length === 0) return '';
  const cells = ({ p99Ms, worstMs, count }: Recovery['all']): string =>
    count === 0 ? '<td></td><td></td>' : `<td class="n">${ms(p99Ms)}</td><td class="n">${ms(worstMs)}</td>`;
  const rows = all.map((one) => `<tr><td>${one.what}</td><td class="n">${one.faults}</td>${cells(one.alone)}${cells(one.all)}</tr>`);
  return `<h2>How fast everybody is back</h2><table><tr><th>what</th><th class="n">times</th><th class="n">by itself, p99</th><th class="n">worst</th><th class="n">with other faults near, p99</th><th class="n">worst</th></tr>${rows.join('')}</table>`;
}

function faultList(all: readonly Interruption[]): string {
  const rows = done(all).map(
    ({ kind, target, from, healed, worstMs }) =>
      `<tr><td class="n">${seconds(from)}</td><td>${kind}</td><td>${escape(target)}</td><td class="n">${seconds(healed - from)}</td><td class="n">${ms(worstMs)}</td></tr>`,
  );
  return `<table><tr><th class="n">at</th><th>fault</th><th>what</th><th class="n">whole after</th><th class="n">longest wait</th></tr>${rows.join('')}</table>`;
}

function versions({ versions: found }: RunFacts): string {
  const rows = Object.entries(found).map(([name, version]) => `<tr><td>${escape(name)}</td><td>${escape(version)}</td></tr>`);
  return `<table>${rows.join('')}</table>`;
}

function done(all: readonly Interruption[]): readonly Interruption[] {
  return all.filter(({ skipped }) => skipped === undefined);
}

function ms(value: number): string {
  return value >= 10_000 ? `${(value / 1_000).toFixed(1)} s` : `${Math.round(value)} ms`;
}

function seconds(value: number): string {
  return `${(value / 1_000).toFixed(1)} s`;
}

export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
