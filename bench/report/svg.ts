/** Charts by hand: two kinds are all that the page needs, and it stays one file that opens anywhere. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Ends of the spread. */
  readonly min?: number;
  readonly max?: number;
  readonly own: boolean;
}

const WIDTH = 720;
const LABEL = 190;
const VALUE = 130;
const ROW = 28;

/** Horizontal bars with their spread as a line over the end. */
export function barChart(bars: readonly Bar[], unit: string): string {
  if (bars.length === 0) return '';
  const largest = Math.max(...bars.map((bar) => Math.max(bar.value, bar.max ?? 0)), Number.MIN_VALUE);
  const scale = (value: number): number => (value / largest) * (WIDTH - LABEL - VALUE);
  const rows = bars.map((bar, n) => {
    const y = n * ROW;
    const spread =
      bar.min === undefined || bar.max === undefined
        ? ''
        : `<line class="spread" x1="${px(LABEL + scale(bar.min))}" x2="${px(LABEL + scale(bar.max))}" y1="${px(y + ROW / 2)}" y2="${px(y + ROW / 2)}"/>`;
    return [
      `<text x="${px(LABEL - 8)}" y="${px(y + ROW / 2 + 4)}" text-anchor="end">${escapeHtml(bar.label)}</text>`,
      `<rect class="${bar.own ? 'own' : 'other'}" x="${LABEL}" y="${px(y + 5)}" width="${px(Math.max(1, scale(bar.value)))}" height="${ROW - 10}"/>`,
      spread,
      `<text x="${px(LABEL + scale(Math.max(bar.value, bar.max ?? 0)) + 8)}" y="${px(y + ROW / 2 + 4)}">${number(bar.value)} ${escapeHtml(unit)}</text>`,
    ].join('');
  });
  return svg(bars.length * ROW, rows.join(''));
}

export interface Line {
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly own: boolean;
}

interface Axes {
  readonly x: string;
  readonly y: string;
  readonly scale: 'linear' | 'logarithmic';
}

const HEIGHT = 300;
const LEFT = 70;
const RIGHT = 150;
const BOTTOM = 46;
const TICKS = 5;

/** Lines over a shared x from zero; y from zero, or by powers of ten. */
export function lineChart(lines: readonly Line[], axes: Axes): string {
  const all = lines.flatMap(({ points }) => points);
  if (all.length === 0) return '';
  const maxX = Math.max(...all.map(({ x }) => x));
  const toX = (x: number): number => LEFT + (x / maxX) * (WIDTH - LEFT - RIGHT);
  const { toY, ticks } = axes.scale === 'linear' ? linearY(all) : logarithmicY(all);
  const grid = ticks.map(
    (tick) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(toY(tick))}" y2="${px(toY(tick))}"/><text x="${LEFT - 8}" y="${px(toY(tick) + 4)}" text-anchor="end">${number(tick)}</text>`,
  );
  const xTicks = Array.from({ length: TICKS }, (_, n) => ((n + 1) * maxX) / TICKS).map(
    (tick) => `<text x="${px(toX(tick))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${number(tick)}</text>`,
  );
  const drawn = lines.map(({ label, points, own }) => {
    const path = points.map(({ x, y }, n) => `${n === 0 ? 'M' : 'L'}${px(toX(x))} ${px(toY(y))}`).join('');
    const last = points.at(-1);
    const dots = points
      .map(({ x, y }) => `<circle class="${own ? 'own' : 'other'}" cx="${px(toX(x))}" cy="${px(toY(y))}" r="3"/>`)
      .join('');
    const name = last === undefined ? '' : `<text x="${px(toX(last.x) + 8)}" y="${px(toY(last.y) + 4)}">${escapeHtml(label)}</text>`;
    return `<path class="${own ? 'own' : 'other'}" d="${path}"/>${dots}${name}`;
  });
  const names = `<text x="${LEFT}" y="${HEIGHT - 8}">${escapeHtml(axes.x)}</text><text x="${LEFT}" y="12">${escapeHtml(axes.y)}</text>`;
  return svg(HEIGHT, [...grid, ...xTicks, ...drawn, names].join(''));
}

interface YAxis {
  readonly toY: (y: number) => number;
  readonly ticks: readonly number[];
}

function linearY(points: readonly { readonly y: number }[]): YAxis {
  const max = Math.max(...points.map(({ y }) => y), Number.MIN_VALUE);
  const ticks = Array.from({ length: TICKS + 1 }, (_, n) => (n * max) / TICKS);
  return { ticks, toY: (y) => HEIGHT - BOTTOM - (y / max) * (HEIGHT - BOTTOM - 24) };
}

function logarithmicY(points: readonly { readonly y: number }[]): YAxis {
  const powers = points.map(({ y }) => Math.log10(Math.max(y, 0.001)));
  const [low, high] = [Math.floor(Math.min(...powers)), Math.ceil(Math.max(...powers))];
  const span = Math.max(1, high - low);
  const ticks = Array.from({ length: span + 1 }, (_, n) => 10 ** (low + n));
  return { ticks, toY: (y) => HEIGHT - BOTTOM - ((Math.log10(Math.max(y, 0.001)) - low) / span) * (HEIGHT - BOTTOM - 24) };
}

function svg(height: number, content: string): string {
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" xmlns="http://www.w3.org/2000/svg">${content}</svg>`;
}

function px(value: number): string {
  return value.toFixed(1);
}

function number(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
