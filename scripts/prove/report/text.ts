import { VIOLATIONS, type Interruption, type Recovery, type Verdict, type ViolationKind } from '../check/verdict.js';
import { percentile } from '../check/percentile.js';

/** The verdict for a terminal. */
export function renderText(verdict: Verdict): string {
  return [
    ...countLines(verdict),
    '',
    ...violationLines(verdict),
    '',
    ...interruptionLines(verdict.interruptions),
    '',
    ...recoveryLines(verdict.recoveries),
    closing(verdict),
  ].join('\n');
}

function countLines({ counts }: Verdict): string[] {
  return [
    `Commands     ${counts.attempted} given, ${counts.acked} acknowledged (${counts.messagesAcked} messages), ${counts.refused} refused`,
    `Messages     ${counts.stored} stored, ${counts.recovered} of them without an ack, ${counts.received} received by devices, ${counts.withdrawn} second copies withdrawn`,
    `Reads        ${counts.reads} pages of history`,
  ];
}

function violationLines({ totals, violations }: Verdict): string[] {
  const lines = (Object.keys(VIOLATIONS) as ViolationKind[]).map(
    (kind) =>
      `${totals[kind] === 0 ? '✔' : '✘'} ${VIOLATIONS[kind].title.padEnd(24)} ${String(totals[kind]).padStart(6)}   promise ${VIOLATIONS[kind].promise}`,
  );
  const details = violations.map(
    ({ kind, what, t }) => `  ${VIOLATIONS[kind].title}${t === undefined ? '' : ` at ${(t / 1_000).toFixed(1)} s`}: ${what}`,
  );
  return details.length === 0 ? lines : [...lines, '', ...details];
}

/** Faults by kind: the worst of all of them. */
export function summarize(interruptions: readonly Interruption[]): readonly (Interruption & { readonly times: number })[] {
  const kinds = [...new Set(interruptions.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const mine = interruptions.filter((one) => one.kind === kind);
    const [first] = mine as [Interruption, ...Interruption[]];
    const most = (of: (one: Interruption) => number): number => Math.max(...mine.map(of));
    const p99Ms = percentile(
      mine.map((one) => one.p99Ms),
      0.5,
    );
    const p99AfterMs = percentile(
      mine.map((one) => one.p99AfterMs),
      0.5,
    );
    return {
      ...first,
      times: mine.length,
      worstMs: most((one) => one.worstMs),
      worstAfterMs: most((one) => one.worstAfterMs),
      p99Ms,
      p99AfterMs,
    };
  });
}

function interruptionLines(interruptions: readonly Interruption[]): string[] {
  if (interruptions.length === 0) return ['No faults.'];
  const head = `${'Fault'.padEnd(20)} times   p99 wait   worst    after it was whole: p99   worst`;
  const rows = summarize(interruptions).map((one) =>
    one.skipped === undefined
      ? `${one.kind.padEnd(20)} ${String(one.times).padStart(5)} ${ms(one.p99Ms)} ${ms(one.worstMs)}            ${ms(one.p99AfterMs)} ${ms(one.worstAfterMs)}`
      : `${one.kind.padEnd(20)} skipped: ${one.skipped}`,
  );
  return [
    head,
    ...rows,
    `${interruptions.filter(({ skipped }) => skipped === undefined).length} faults; p99 over devices (median of the faults of a kind). Faults that overlap share their waits.`,
  ];
}

function recoveryLines(recoveries: readonly Recovery[]): string[] {
  const lines = recoveries.map(({ what, faults, all, alone }) => {
    const quiet = alone.count === 0 ? '' : `; without other faults near ${ms(alone.p99Ms).trim()}, worst ${ms(alone.worstMs).trim()}`;
    return `${what}: p99 ${ms(all.p99Ms).trim()}, worst ${ms(all.worstMs).trim()} (${faults} faults, ${all.count} devices)${quiet}`;
  });
  return lines.length === 0 ? [] : [...lines, ''];
}

function ms(value: number): string {
  return (value >= 10_000 ? `${(value / 1_000).toFixed(1)} s` : `${Math.round(value)} ms`).padStart(9);
}

function closing({ ok, totals }: Verdict): string {
  if (ok) return 'Every promise held.';
  const broken = (Object.keys(VIOLATIONS) as ViolationKind[]).filter((kind) => totals[kind] > 0);
  return `BROKEN: ${broken.map((kind) => `promise ${VIOLATIONS[kind].promise}, ${VIOLATIONS[kind].title} (${totals[kind]})`).join('; ')}`;
}
