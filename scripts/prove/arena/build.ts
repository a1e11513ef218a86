import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Compiles what the cluster runs, where it is older than its sources: a process that is killed is back in a second then. */
export async function ensureBuild(root: string): Promise<void> {
  await promisify(execFile)('bash', ['-c', 'set -euo pipefail; . scripts/setup.sh; ensure_build'], { cwd: root });
}
