import { hostname } from 'node:os';
import { WarrenError, type WarrenClient } from '../client/mod.js';
import { createFileStorage, createNodeClient } from '../client/node.js';
import { ChatRoom } from './chat/chat-room.js';
import { runLine } from './chat/commands.js';
import { followConnection } from './chat/connection-line.js';
import { LineInput } from './chat/line-input.js';
import { parseOptions, stateFile, type ChatOptions } from './chat/options.js';
import { Screen } from './chat/screen.js';
import { signIn } from './chat/sign-in.js';

// `npm run chat -- --user alice`: a terminal chat on the SDK.

/** How long messages that are still on their way hold up the end. */
const LAST_WORDS_MS = 15_000;

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  const input = new LineInput();
  const screen = new Screen(input);
  const storage = createFileStorage(stateFile(options));
  const client = createNodeClient({
    baseUrl: options.url,
    storage,
    deviceName: `terminal on ${hostname()}`.slice(0, 64),
    clientName: 'warren-chat/0.1.0',
  });
  try {
    await chat({ client, options, input, screen });
    return 0;
  } catch (error) {
    // Before the last line: nothing is asked for after it.
    input.close();
    screen.problem(explain(error, options));
    return 1;
  } finally {
    await client.close();
    input.close();
  }
}

interface Terminal {
  readonly client: WarrenClient;
  readonly options: ChatOptions;
  readonly input: LineInput;
  readonly screen: Screen;
}

async function chat({ client, options, input, screen }: Terminal): Promise<void> {
  const how = await signIn(client, options, input);
  screen.note(`${how} as ${options.user}; /help shows the commands`);
  client.on('connection', followConnection(screen));
  client.on('loggedOut', () => input.close());
  const room = new ChatRoom(client, screen);
  const caughtUp = new Promise<void>((resolve) => client.on('caughtUp', () => resolve()));
  await Promise.all([client.connect(), caughtUp]);
  screen.setPrompt('> ');
  if (options.to === undefined) await room.listChannels();
  else await attempt(screen, () => room.open(options.to ?? ''));
  room.start();
  for (let line = await input.next(); line !== undefined; line = await input.next()) {
    const typed = line;
    screen.noteTyped(typed);
    if ((await attempt(screen, () => runLine(room, typed))) === 'quit') break;
  }
  await sendLastWords(client);
  await room.flush();
}

/** A problem with one line does not end the conversation. */
async function attempt<T>(screen: Screen, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    screen.problem((error as Error).message);
    return undefined;
  }
}

/** What was written before the end still leaves; what does not is kept for the next start. */
async function sendLastWords(client: WarrenClient): Promise<void> {
  if (client.unsent === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LAST_WORDS_MS);
    const look = (): void => {
      if (client.unsent > 0) return;
      clearTimeout(timer);
      resolve();
    };
    client.on('sent', look);
    client.on('failed', look);
  });
}

function explain(error: unknown, options: ChatOptions): string {
  if (error instanceof WarrenError && error.code === 'NETWORK')
    return `${options.url} does not answer. Is the cluster running? scripts/start-cluster.sh`;
  return (error as Error).message;
}

process.exitCode = await main();
