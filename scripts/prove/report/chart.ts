import type { Interruption, Moment, Verdict } from '../check/verdict.js';
import { escape } from './html.js';

const WIDTH = 1_100;
const LEFT = 64;
const RIGHT = 12;
const THROUGHPUT = { top: 24, height: 150 };
const LATENCY = { top: 204, height: 110 };
const LANES_TOP = 340;
const LANE_HEIGHT = 13;
const LATENCY_DECADES = { from: 0, to: 5 };

/** Throughput over latency over faults, on one axis of time, as SVG. */
export function drawChart({ timeline, interruptions }: Verdict): string {
  const faults = interruptions.filter(({ skipped }) => skipped === undefined);
  const lanes = stack(faults);
  const height = LANES_TOP + Math.max(1, lanes.length) * LANE_HEIGHT + 30;
  const end = Math.max(1, timeline.length);
  const x = (second: number): number => LEFT + (second / end) * (WIDTH - LEFT - RIGHT);
  return `<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Throughput, latency and faults over time" font-size="11" fill="var(--soft)">
${throughput(timeline, x)}
${latency(timeline, x)}
${lanes.map((lane, n) => lane.map((fault) => bar(fault, { x, y: LANES_TOP + n * LANE_HEIGHT })).join('')).join('\n')}
${timeAxis(end, x, height - 10)}
</svg>`;
}

function throughput(timeline: readonly Moment[], x: (second: number) => number): string {
  const most = Math.max(1, ...timeline.map(({ acked }) => acked));
  const y = (value: number): number => THROUGHPUT.top + THROUGHPUT.height * (1 - value / most);
  return `${axisLabel(THROUGHPUT.top, String(most))}${axisLabel(THROUGHPUT.top + THROUGHPUT.height, '0')}<text x="${LEFT}" y="14">acknowledged/s</text>${line(
    timeline.map(({ second, acked }) => [x(second), y(acked)]),
    'var(--acked)',
  )}`;
}

function latency(timeline: readonly Moment[], x: (second: number) => number): string {
  const { from, to } = LATENCY_DECADES;
  const y = (ms: number): number => {
    const share = (Math.min(to, Math.max(from, Math.log10(Math.max(1, ms)))) - from) / (to - from);
    return LATENCY.top + LATENCY.height * (1 - share);
  };
  const labels = [1, 10, 100, 1_000, 10_000, 100_000].map((value) =>
    axisLabel(y(value), value < 1_000 ? `${value} ms` : `${value / 1_000} s`),
  );
  const points = timeline.filter(({ acked }) => acked > 0).map(({ second, ackP99Ms }): [number, number] => [x(second), y(ackP99Ms)]);
  return `${labels.join('')}<text x="${LEFT}" y="${LATENCY.top - 8}">ack latency, p99</text>${line(points, 'var(--latency)')}`;
}

function line(points: readonly (readonly [x: number, y: number])[], colour: string): string {
  const path = points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
}

function axisLabel(y: number, text: string): string {
  return `<text x="${LEFT - 6}" y="${y + 4}" text-anchor="end">${text}</text><line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" stroke="var(--line)"/>`;
}

function bar(fault: Interruption, place: { readonly x: (second: number) => number; readonly y: number }): string {
  const from = place.x(fault.from / 1_000);
  const width = Math.max(3, place.x(fault.healed / 1_000) - from);
  const title = `${fault.kind}: ${fault.target}, at ${(fault.from / 1_000).toFixed(1)} s, whole after ${((fault.healed - fault.from) / 1_000).toFixed(1)} s`;
  const label = width > 40 ? `<text x="${from + 3}" y="${place.y + 9}" font-size="9" fill="var(--paper)">${escape(fault.kind)}</text>` : '';
  return `<g><title>${escape(title)}</title><rect x="${from.toFixed(1)}" y="${place.y}" width="${width.toFixed(1)}" height="${LANE_HEIGHT - 3}" rx="2" fill="var(--fault)"/>${label}</g>`;
}

function timeAxis(end: number, x: (second: number) => number, y: number): string {
  const step = [5, 10, 30, 60, 120, 300, 600, 3_600].find((one) => end / one <= 12) ?? 7_200;
  const marks = Array.from({ length: Math.floor(end / step) + 1 }, (_, n) => n * step);
  return marks.map((second) => `<text x="${x(second)}" y="${y}" text-anchor="middle">${second} s</text>`).join('');
}

/** Faults that overlap go under each other. */
function stack(faults: readonly Interruption[]): Interruption[][] {
  const lanes: Interruption[][] = [];
  for (const fault of faults) {
    const free = lanes.find((lane) => (lane.at(-1)?.healed ?? 0) + 500 < fault.from);
    if (free === undefined) lanes.push([fault]);
    else free.push(fault);
  }
  return lanes;
}
