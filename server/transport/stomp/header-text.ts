import { ChatError } from '../../../shared/errors/chat-error.js';
import type { StompVersion } from './frame.js';

const UNESCAPED: Readonly<Record<string, string>> = { '\\\\': '\\', '\\n': '\n', '\\c': ':', '\\r': '\r' };
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', ':': '\\c', '\r': '\\r' };

/** How the names and values of a frame are written: not at all in 1.0 and around CONNECT, `\r` since 1.2 only. */
export type Escaping = 'none' | '1.1' | '1.2';

export function escapingOf(command: string, version: StompVersion | undefined): Escaping {
  if (command === 'CONNECT' || command === 'CONNECTED' || version === '1.0') return 'none';
  return version ?? '1.2';
}

/** @throws ChatError INVALID_INPUT on a backslash that begins nothing. */
export function unescapeHeader(text: string, escaping: Escaping): string {
  if (escaping === 'none' || !text.includes('\\')) return text;
  return text.replace(/\\[^]?/g, (pair) => {
    const plain = pair === '\\r' && escaping === '1.1' ? undefined : UNESCAPED[pair];
    if (plain === undefined) throw new ChatError('INVALID_INPUT', { details: { reason: 'undefined escape sequence in a header' } });
    return plain;
  });
}

/** Where nothing can be escaped, what would end the line becomes a space. */
export function escapeHeader(text: string, escaping: Escaping): string {
  const plain = text.includes('\0') ? text.replaceAll('\0', ' ') : text;
  if (escaping === '1.2') return plain.replace(/[\\\n\r:]/g, (char) => ESCAPED[char] ?? char);
  if (escaping === '1.1') return plain.replace(/[\\\n:]/g, (char) => ESCAPED[char] ?? char);
  return plain.replace(/[\r\n]/g, ' ');
}
