import type { ArmSummary } from '../compare/print.js';
import type { ConnectReport } from '../connect/run.js';
import type { GrowthReport } from '../growth/run.js';
import type { LatencyReport } from '../latency/run.js';
import type { MemoryReport } from '../memory/run.js';
import type { NodesReport } from '../nodes/run.js';
import { barChart, lineChart, type Bar } from './svg.js';

/** The results of the measures as their commands wrote them. */
interface Results {
  readonly compare: { readonly summaries: readonly ArmSummary[] };
  readonly amqp: { readonly summaries: readonly ArmSummary[] };
  readonly latency: LatencyReport;
  readonly nodes: NodesReport;
  readonly memory: MemoryReport;
  readonly connect: ConnectReport;
  readonly growth: GrowthReport;
}

export interface Section {
  readonly measure: string;
  readonly title: string;
  /** Charts with a heading each; none where the verdicts say it all. */
  readonly charts: (result: never) => readonly Chart[];
}

export interface Chart {
  readonly heading: string;
  readonly svg: string;
}

/** In the order of the page. */
export const SECTIONS: readonly Section[] = [
  section('compare', 'Across servers, against what people would take instead', ({ summaries }) => comparisonCharts(summaries)),
  section('latency', 'Latency: due at a rate, whether or not the system keeps up', latencyCharts),
  section('nodes', 'More servers', nodesCharts),
  section('amqp', 'The AMQP leg', ({ summaries }) => comparisonCharts(summaries)),
  { measure: 'group', title: 'A group over all servers', charts: () => [] },
  section('memory', 'Memory of a connection', memoryCharts),
  section('connect', 'Connecting', connectCharts),
  { measure: 'idle', title: 'Idle people', charts: () => [] },
  { measure: 'design-load', title: 'The design’s load', charts: () => [] },
  section('growth', 'Growth', growthCharts),
  { measure: 'connections', title: 'Connections held', charts: () => [] },
];

function section<Name extends keyof Results>(measure: Name, title: string, charts: (result: Results[Name]) => readonly Chart[]): Section {
  return { measure, title, charts };
}

function comparisonCharts(summaries: readonly ArmSummary[]): readonly Chart[] {
  const flights = [...new Set(summaries.map(({ inFlight }) => inFlight))];
  return flights.flatMap((inFlight) => {
    const some = summaries.filter((one) => one.inFlight === inFlight);
    const bars = (pick: (one: ArmSummary) => { median: number; min: number; max: number }): Bar[] =>
      some.map((one) => ({ label: one.arm, value: pick(one).median, ...ends(pick(one)), own: one.arm.startsWith('warren') }));
    return [
      {
        heading: `Delivered per second, ${inFlight} under way per pair`,
        svg: barChart(
          bars((one) => one.deliveredPerSecond),
          '/s',
        ),
      },
      {
        heading: `CPU of the whole system per message, ${inFlight} under way per pair`,
        svg: barChart(
          bars((one) => one.systemMicros),
          'µs',
        ),
      },
    ];
  });
}

function ends({ min, max }: { readonly min: number; readonly max: number }): { readonly min: number; readonly max: number } {
  return { min, max };
}

function latencyCharts({ arms, sharedRate }: LatencyReport): readonly Chart[] {
  const lines = (pick: (point: { p50Ms: number; p99Ms: number }) => number) =>
    arms.map(({ arm, sweep }) => ({
      label: arm,
      own: arm === 'warren',
      points: sweep.filter((point) => point.void === undefined).map((point) => ({ x: point.perSecond, y: pick(point) })),
    }));
  const axes = { x: 'messages due per second', y: 'ms', scale: 'logarithmic' } as const;
  const bars = (kind: 'atRate' | 'fourInFlight', quantile: 'p50Ms' | 'p99Ms'): Bar[] =>
    arms.flatMap(({ arm, [kind]: latency }) =>
      latency === undefined ? [] : [{ label: arm, value: latency[quantile].median, ...ends(latency[quantile]), own: arm === 'warren' }],
    );
  return [
    {
      heading: 'p99 from the moment a message was due',
      svg: lineChart(
        lines((point) => point.p99Ms),
        axes,
      ),
    },
    {
      heading: 'p50 of the same',
      svg: lineChart(
        lines((point) => point.p50Ms),
        axes,
      ),
    },
    { heading: `p99 at ${sharedRate ?? 0}/s, half of Socket.IO’s knee`, svg: barChart(bars('atRate', 'p99Ms'), 'ms') },
    { heading: 'p50 with four messages under way in all', svg: barChart(bars('fourInFlight', 'p50Ms'), 'ms') },
  ];
}

function nodesCharts({ systemMicros, deliveredPerSecond }: NodesReport): readonly Chart[] {
  const bars = (values: NodesReport['systemMicros']): Bar[] =>
    Object.entries(values).map(([nodes, spread]) => ({ label: `${nodes} servers`, value: spread.median, ...ends(spread), own: true }));
  return [
    { heading: 'CPU of the whole system per message', svg: barChart(bars(systemMicros), 'µs') },
    { heading: 'Delivered per second', svg: barChart(bars(deliveredPerSecond), '/s') },
  ];
}

function memoryCharts({ arms }: MemoryReport): readonly Chart[] {
  const lines = arms.flatMap(({ arm, runs: [first] }) => {
    const points = (first ?? []).map((point) => ({ x: point.connections, y: point.serverBytes / 1024 ** 2 }));
    return [{ label: arm, own: arm === 'warren', points }];
  });
  const bars = arms.map(({ arm, perConnection: { median, min, max } }): Bar => ({
    label: arm,
    value: median / 1024,
    min: min / 1024,
    max: max / 1024,
    own: arm === 'warren',
  }));
  return [
    { heading: 'Resident memory of the server', svg: lineChart(lines, { x: 'connections', y: 'MB', scale: 'linear' }) },
    { heading: 'Of one more connection', svg: barChart(bars, 'KB') },
  ];
}

function connectCharts({ arms }: ConnectReport): readonly Chart[] {
  const bars = arms.map(({ arm, perSecond }): Bar => ({ label: arm, value: perSecond.median, ...ends(perSecond), own: arm === 'warren' }));
  return [{ heading: 'People let in per second', svg: barChart(bars, '/s') }];
}

function growthCharts({ fewMicros, manyMicros, history, options }: GrowthReport): readonly Chart[] {
  const cpu = [
    { label: `${options.few} channels`, spread: fewMicros },
    { label: `${options.many} channels`, spread: manyMicros },
  ].flatMap(({ label, spread }): Bar[] => (spread === undefined ? [] : [{ label, value: spread.median, ...ends(spread), own: true }]));
  const pages = [
    { label: `${options.history.few} messages`, value: history.fewMs.median, own: true },
    { label: `${options.history.many} messages`, value: history.manyMs.median, own: true },
  ];
  return [
    { heading: 'CPU of the whole system per message', svg: barChart(cpu, 'µs') },
    { heading: 'A page of history, p50', svg: barChart(pages, 'ms') },
  ];
}
