import { join } from 'node:path';
import type { Cluster } from './cluster.js';

type Row = readonly [label: string, value: string];

/** What a person wants to know about a cluster that has just come up. It names the broker's password: for their eyes. */
export function renderTable(cluster: Cluster): string {
  const rows = [...placeRows(cluster), ...storeRows(cluster), ...whatNextRows(cluster)];
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, value]) => (label === '' && value === '' ? '' : `  ${label.padEnd(width)}   ${value}`));
  return ['', 'Warren is up.', '', ...lines, ''].join('\n');
}

function placeRows(cluster: Cluster): readonly Row[] {
  const { layout, backing } = cluster;
  const metrics = (seats: readonly { readonly port: number }[]): string =>
    seats.map(({ port }) => `http://127.0.0.1:${port}/metrics`).join('  ');
  const { rabbitmq } = backing;
  return [
    ['Web client', cluster.url],
    ['API', `${cluster.url}/v1   documentation: ${cluster.url}/v1/docs`],
    ['Chat servers', layout.servers.map(({ name }) => name).join(', ')],
    ['RabbitMQ management', rabbitmq === undefined ? 'of your own RabbitMQ (AMQP_URL)' : managementAccess(rabbitmq)],
    ['Metrics, servers', metrics(layout.servers)],
    ['Metrics, API', metrics(layout.apis)],
    ['Metrics, worker', metrics(layout.workers)],
  ];
}

function managementAccess(rabbitmq: { readonly managementUrl: string; readonly url: string }): string {
  const { username, password } = new URL(rabbitmq.url);
  return `${rabbitmq.managementUrl}   user ${decodeURIComponent(username)}, password ${decodeURIComponent(password)}`;
}

function storeRows(cluster: Cluster): readonly Row[] {
  const { backing, settings } = cluster;
  const { messages } = backing.urls;
  const embedded = messages.startsWith('sqlite:');
  return [
    ['', ''],
    ['People, channels', place(backing.urls.sql, backing.mariadb?.dataFolder)],
    ['Messages', embedded ? `embedded SQLite in ${messages.slice('sqlite:'.length)}` : place(messages, backing.mongodb?.dataFolder)],
    ['Routes, recent', place(backing.urls.redis, backing.redis?.dataFolder)],
    ['Queues', place(backing.urls.amqp, backing.rabbitmq?.dataFolder)],
    ['Logs', join(settings.folder, 'logs')],
  ];
}

/** The address without user and password. */
function place(url: string, folder: string | undefined): string {
  if (!URL.canParse(url)) return url.split(':')[0] ?? '';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}${folder === undefined ? '   (your own)' : `   data in ${folder}`}`;
}

function whatNextRows(cluster: Cluster): readonly Row[] {
  return [
    ['', ''],
    ['First', `open ${cluster.url} in two browser windows, sign up twice, and talk`],
    ['In a terminal', `npm run chat -- --user alice${cluster.layout.gateway === 8080 ? '' : ` --url ${cluster.url}`}`],
    ['Stop', 'Ctrl-C here, or scripts/stop-cluster.sh anywhere; the data stays'],
  ];
}
