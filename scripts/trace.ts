import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TracedStep } from '../api/use-cases/trace-event.js';
import { checkoutRoot, DEFAULT_PORT, warrenFolder } from './cluster/options.js';
import { loadSecrets } from './cluster/secrets.js';

/** `npm run trace -- <message id>`: where a message went, as far as the processes still know. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { url: { type: 'string', default: `http://localhost:${DEFAULT_PORT}` } },
});
const [messageId] = positionals;
if (messageId === undefined) {
  process.stderr.write(
    'Which message? npm run trace -- <message id> [--url http://localhost:8080], ADMIN_TOKEN from the environment or from .warren\n',
  );
  process.exit(2);
}
const token = process.env['ADMIN_TOKEN'] ?? loadSecrets(join(warrenFolder(checkoutRoot()), 'secrets.json')).adminToken;
const headers = { authorization: `Bearer ${token}` };
const response = await fetch(`${values.url}/v1/admin/messages/${messageId}/trace`, { headers });
if (!response.ok) {
  process.stderr.write(`${values.url} answered ${response.status}: ${await response.text()}\n`);
  process.exit(1);
}
const { steps } = (await response.json()) as { readonly steps: readonly TracedStep[] };
for (const line of steps.length === 0 ? ['Nobody remembers it.'] : describe(steps)) process.stdout.write(`${line}\n`);

function describe(all: readonly TracedStep[]): string[] {
  const start = all[0]?.at ?? 0;
  return all.map(({ step, at, subject, process: by }) => {
    return `${new Date(at).toISOString()} ${`+${at - start} ms`.padStart(10)}  ${step.padEnd(10)} ${subject.padEnd(16)} ${by}`;
  });
}
