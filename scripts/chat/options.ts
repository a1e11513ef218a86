import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';

export interface ChatOptions {
  readonly user: string;
  readonly url: string;
  readonly password: string | undefined;
  readonly to: string | undefined;
  readonly signUp: boolean;
}

export function parseOptions(argv: readonly string[]): ChatOptions {
  const command = new Command('chat')
    .description('A terminal chat for Warren. Type to talk, /help for commands. Reads commands from a pipe as well.')
    .requiredOption('--user <name>', 'user name')
    .option('--url <url>', 'address of the gateway', 'http://localhost:8080')
    .option('--password <password>', 'asked for when left out (or taken from WARREN_PASSWORD)')
    .option('--to <name>', 'open the conversation with this user, or this channel')
    .option('--sign-up', 'make the user without asking if it does not exist', false)
    .parse(argv, { from: 'user' });
  const { user, url, password, to, signUp } = command.opts<ChatOptions>();
  return { user: user.toLowerCase(), url, password: password ?? process.env['WARREN_PASSWORD'], to, signUp };
}

/** Where this user's session on that server is kept: one file each, in the user's configuration folder. */
export function stateFile(options: Pick<ChatOptions, 'user' | 'url'>, env: NodeJS.ProcessEnv = process.env): string {
  const given = env['XDG_CONFIG_HOME'];
  const folder = given === undefined || given === '' ? join(homedir(), '.config') : given;
  const name = `${new URL(options.url).host}-${options.user}`.replaceAll(/[^A-Za-z0-9._-]/g, '_');
  return join(folder, 'warren', 'chat', `${name}.json`);
}
