import type { ConfigSchema } from '../../shared/config/define.js';
import { API_CONFIG, SERVER_CONFIG, WORKER_CONFIG } from '../../shared/config/schemas.js';
import { markdownTable, page } from './markdown.js';

const PROCESSES: readonly { readonly title: string; readonly schema: ConfigSchema }[] = [
  { title: 'Chat server (`server`)', schema: SERVER_CONFIG },
  { title: 'HTTP API (`api`)', schema: API_CONFIG },
  { title: 'Worker (`worker`)', schema: WORKER_CONFIG },
];

/** docs/reference/config.md */
export function renderConfig(): string {
  const sections = PROCESSES.flatMap(({ title, schema }) => [`## ${title}`, processTable(schema)]);
  return page(
    '# Configuration',
    [
      'Each process reads these environment variables once, when it starts; it names every missing or bad one and ends.',
      'An empty value counts as not set. `scripts/start-cluster.sh` and `docker-compose.yml` set what has to be set.',
    ].join('\n'),
    ...sections,
  );
}

function processTable(schema: ConfigSchema): string {
  const rows = Object.entries(schema).map(([name, key]) => [
    `\`${name}\``,
    describeDefault(key.fallback),
    key.secret ? 'yes' : '',
    key.doc,
  ]);
  return markdownTable(['variable', 'default', 'secret', 'meaning'], rows);
}

function describeDefault(fallback: string | undefined): string {
  if (fallback === undefined) return '*required*';
  return fallback === '' ? '*empty*' : `\`${fallback}\``;
}
