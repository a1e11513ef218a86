import type { TimelineMessage } from '../../client/mod.js';
import type { Screen } from './screen.js';
import { makeHarmless } from './text-width.js';

export interface LineFacts {
  /** What the message is called by in commands. */
  readonly number: number;
  readonly author: string;
  /** Named when the message is not in the channel that is open. */
  readonly label?: string | undefined;
}

const MARKS = { pending: '…', sent: '✓', failed: '✗' } as const;

/** A message as one line, or several if its text has them. */
export function renderMessage(screen: Screen, message: TimelineMessage, facts: LineFacts): string {
  const number = screen.style('dim', `[${facts.number}]`);
  const where = facts.label === undefined ? '' : `${screen.style('dim', facts.label)} `;
  const parts = [number, clock(message.createdAt), `${where}${screen.name(facts.author)}:`, body(screen, message)];
  return parts.join(' ');
}

/** One's own message, with a mark for how far it has come. */
export function renderOwn(screen: Screen, message: TimelineMessage, facts: LineFacts): string {
  const mark = message.status === 'failed' ? screen.style('red', MARKS.failed) : screen.style('dim', MARKS[message.status]);
  const reason = message.status === 'failed' ? screen.style('red', ` ${message.error?.message ?? 'not sent'}`) : '';
  return `${renderMessage(screen, message, facts)} ${mark}${reason}`;
}

function body(screen: Screen, message: TimelineMessage): string {
  if (message.deleted) return screen.style('dim', '(deleted)');
  const lines = makeHarmless(message.content).split('\n');
  const edited = message.edited ? screen.style('dim', ' (edited)') : '';
  const files = message.attachments.map((file) => ` [${makeHarmless(file.name)} ${file.url}]`).join('');
  const reactions = message.reactions.map(({ emoji, count }) => ` ${makeHarmless(emoji)} ${count}`).join('');
  return lines.join('\n      ') + edited + files + screen.style('dim', reactions);
}

/** Local time of day. */
function clock(createdAt: string): string {
  const time = new Date(createdAt);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}`;
}
