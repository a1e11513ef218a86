import { WarrenError, type WarrenClient } from '../../client/mod.js';
import type { LineInput } from './line-input.js';
import type { ChatOptions } from './options.js';

/** Goes on with the kept session, else logs in, else makes the user after asking. @throws WarrenError, or an Error that says what to do. */
export async function signIn(
  client: WarrenClient,
  options: ChatOptions,
  input: LineInput,
): Promise<'restored' | 'logged in' | 'signed up'> {
  if (options.password === undefined && (await isRestored(client))) return 'restored';
  const password = options.password ?? (await askPassword(options.user, input));
  const credentials = { username: options.user, password };
  try {
    await client.logIn(credentials);
    return 'logged in';
  } catch (error) {
    if (!hasCode(error, 'BAD_CREDENTIALS')) throw error;
  }
  await confirmSignUp(options, input);
  try {
    await client.signUp(credentials);
    return 'signed up';
  } catch (error) {
    if (hasCode(error, 'USERNAME_TAKEN')) throw new Error(`The password of ${options.user} is another one.`, { cause: error });
    throw error;
  }
}

async function isRestored(client: WarrenClient): Promise<boolean> {
  if ((await client.restore()) === undefined) return false;
  try {
    await client.api.me();
    return true;
  } catch (error) {
    // Logged out meanwhile: begin anew. Anything else is worth telling.
    if (error instanceof WarrenError && error.status === 401) return false;
    throw error;
  }
}

async function askPassword(user: string, input: LineInput): Promise<string> {
  if (!input.interactive) throw new Error('Give the password with --password or WARREN_PASSWORD: there is no terminal to ask on.');
  const password = await input.askSecret(`Password of ${user}: `);
  if (password === undefined || password === '') throw new Error('Nothing was entered.');
  return password;
}

async function confirmSignUp(options: ChatOptions, input: LineInput): Promise<void> {
  if (options.signUp) return;
  const hint = 'No such user and password.';
  if (!input.interactive) throw new Error(`${hint} To make a new user, add --sign-up.`);
  const answer = await input.ask(`${hint} Make a new user called ${options.user} with this password? [y/N] `);
  if (answer === undefined || !/^y(es)?$/i.test(answer.trim())) throw new Error('Nothing was changed.');
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof WarrenError && error.code === code;
}
