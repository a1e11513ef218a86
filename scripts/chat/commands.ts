import type { ChatRoom } from './chat-room.js';

interface Command {
  readonly usage: string;
  readonly help: string;
  readonly run: (room: ChatRoom, rest: string) => Promise<void>;
}

export const COMMANDS: Readonly<Record<string, Command>> = {
  list: { usage: '/list', help: 'your channels', run: (room) => room.listChannels() },
  people: { usage: '/people', help: 'who there is', run: (room) => room.listPeople() },
  dm: { usage: '/dm bob', help: 'talk with somebody', run: (room, rest) => room.openDm(required(rest, '/dm bob')) },
  group: { usage: '/group name a b c', help: 'start a group with them', run: (room, rest) => room.createGroup(words(rest)) },
  open: {
    usage: '/open name',
    help: 'open a channel, by its number in /list or its name',
    run: (room, rest) => room.open(required(rest, '/open name')),
  },
  history: { usage: '/history', help: 'older messages', run: (room) => room.showOlder() },
  edit: {
    usage: '/edit 12 text',
    help: 'change a message ("last" is your newest)',
    run: (room, rest) => room.edit(...split(rest, '/edit 12 text')),
  },
  delete: { usage: '/delete 12', help: 'delete a message', run: (room, rest) => room.remove(required(rest, '/delete 12')) },
  react: {
    usage: '/react 12 👍',
    help: 'react to a message; again takes it back',
    run: (room, rest) => room.react(...split(rest, '/react 12 👍')),
  },
  who: { usage: '/who', help: 'members here, and which server you are on', run: (room) => room.showMembers() },
  help: { usage: '/help', help: 'this', run: (room) => room.print(renderHelp()) },
};

/** `quit` says that the line asked to leave. @throws Error for what cannot be done; its message is for the user. */
export async function runLine(room: ChatRoom, line: string): Promise<'quit' | 'done'> {
  if (line.trim() === '') return 'done';
  if (!line.startsWith('/') || line.startsWith('//')) {
    await room.say(line.startsWith('//') ? line.slice(1) : line);
    return 'done';
  }
  const [, name = '', rest = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(line) ?? [];
  if (name === 'quit' || name === 'exit' || name === 'q') return 'quit';
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new Error(`There is no /${name}; /help shows what there is.`);
  await command.run(room, rest.trim());
  return 'done';
}

function renderHelp(): string {
  const rows = Object.values(COMMANDS).map(({ usage, help }) => `  ${usage.padEnd(20)} ${help}`);
  return [...rows, `  ${'/quit'.padEnd(20)} leave`, '  Anything else is said in the open channel; // begins a message with a slash.'].join(
    '\n',
  );
}

function required(rest: string, usage: string): string {
  if (rest === '') throw new Error(`Like this: ${usage}`);
  return rest;
}

function split(rest: string, usage: string): [string, string] {
  const [, first, second] = /^(\S+)\s+([\s\S]+)$/.exec(rest) ?? [];
  if (first === undefined || second === undefined) throw new Error(`Like this: ${usage}`);
  return [first, second];
}

function words(rest: string): [string, ...string[]] {
  const [name, ...users] = rest.split(/\s+/);
  if (name === undefined || users.length === 0) throw new Error('Like this: /group name a b c');
  return [name, ...users];
}
