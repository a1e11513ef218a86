import type { Capacity, Demand } from './capacity.js';

export function printPlan(demand: Demand, capacity: Capacity): string {
  const { servers, workers, redis, broker, storage } = capacity;
  const days = demand.years * 365;
  const rows: readonly (readonly [string, string])[] = [
    [
      'messages',
      `${whole(capacity.messagesPerDay)} a day: ${whole(capacity.averagePerSecond)}/s on average, ${whole(capacity.peakPerSecond)}/s at the peak`,
    ],
    ['connections', `${whole(capacity.connections)} at the busiest moment`],
    [
      'chat servers',
      `${whole(servers.count)} processes (by ${servers.limitedBy}), ${cores(servers.cores)}, ${bytes(servers.bytes)} of memory`,
    ],
    ['workers', cores(workers.cores)],
    ['Redis', `${cores(redis.cores)}, ${bytes(redis.bytes)} for recent windows and client ids`],
    [
      'RabbitMQ',
      `${broker.nodes} nodes, ${cores(broker.cores)} together, ${bytes(broker.bytesPerSecond)}/s at the peak; an hour without workers keeps ${bytes(broker.backlogBytesPerHour)}`,
    ],
    ['machines', `${capacity.machines} of ${demand.cores} cores, each ${Math.round(demand.utilisation * 100)} % busy at the peak`],
    ['hot storage', `${bytes(storage.hotBytes)}: ${Math.min(days, demand.hotDays)} days, ${demand.replicas} copies`],
    ['cold storage', `${bytes(storage.coldBytes)}: the rest of ${demand.years} years, compressed`],
    ['images', bytes(storage.imageBytes)],
  ];
  return rows.map(([name, text]) => `  ${name.padEnd(14)}${text}`).join('\n');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function cores(value: number): string {
  return `${value < 10 ? value.toFixed(1) : whole(value)} cores`;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** Powers of a thousand, as disks are sold. */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  return `${scaled >= 100 || power === 0 ? scaled.toFixed(0) : scaled.toFixed(1)} ${UNITS[power] ?? ''}`;
}
