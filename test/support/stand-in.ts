import { join } from 'node:path';
import { ManagedProcess, type ProcessSpec } from '../../scripts/cluster/managed-process.js';
import { probeHttp } from '../../scripts/services/probes.js';

/** What the stand-in does: serves, serves and ignores SIGTERM, ends at once, or never becomes ready. */
export type StandInKind = 'serves' | 'stubborn' | 'ends' | 'mute';

const SERVE = "require('node:http').createServer((_, r) => r.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');";
const PROGRAMS: Readonly<Record<StandInKind, string>> = {
  serves: SERVE,
  stubborn: `process.on('SIGTERM', () => {}); ${SERVE}`,
  ends: "console.log('cannot find the thing'); process.exitCode = 3;",
  mute: 'setInterval(() => {}, 1000);',
};

/** A tiny process in the place of a real one, for tests of the supervisor. */
export function standIn(
  folder: string,
  options: { readonly kind: StandInKind; readonly port: number; readonly name?: string },
): ManagedProcess {
  return new ManagedProcess(standInSpec(options), { logs: join(folder, 'logs'), run: join(folder, 'run') });
}

function standInSpec(options: { readonly kind: StandInKind; readonly port: number; readonly name?: string }): ProcessSpec {
  return {
    name: options.name ?? 'stand-in',
    command: process.execPath,
    args: ['-e', PROGRAMS[options.kind]],
    env: { PORT: String(options.port) },
    cwd: process.cwd(),
    healthy: () => probeHttp(`http://127.0.0.1:${options.port}/`),
    healthyWithinMs: options.kind === 'mute' ? 100 : 10_000,
    stopWithinMs: options.kind === 'stubborn' ? 100 : 5000,
    advice: 'find the thing.',
  };
}
