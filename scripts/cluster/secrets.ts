import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Made once per data folder; the data is bound to them (passwords of its users, tokens of its devices). */
export interface Secrets {
  readonly jwtSecret: string;
  readonly rabbitmqPassword: string;
  readonly mariadbPassword: string;
  /** Opens `/v1/admin`. */
  readonly adminToken: string;
}

/** The folder's secrets; made, readable by the owner only, when there are none. */
export function loadSecrets(path: string): Secrets {
  try {
    // Folders of before it have none: then the administrators' routes are closed.
    const kept = JSON.parse(readFileSync(path, 'utf8')) as Omit<Secrets, 'adminToken'> & Partial<Pick<Secrets, 'adminToken'>>;
    return { ...kept, adminToken: kept.adminToken ?? '' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secrets: Secrets = { jwtSecret: secret(48), rabbitmqPassword: secret(18), mariadbPassword: secret(18), adminToken: secret(48) };
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return secrets;
}

/** Letters, digits, hyphen and underscore: safe in URLs, SQL and configuration files. */
function secret(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
