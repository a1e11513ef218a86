import type { ClosingWord } from '../connection.js';

/** What SockJS itself closes with, besides the codes of sessions. */
export const SOCKJS_CLOSES = {
  ANOTHER_CONNECTION: { code: 2010, reason: 'Another connection still open' },
  INTERRUPTED: { code: 1002, reason: 'Connection interrupted' },
} as const satisfies Readonly<Record<string, ClosingWord>>;

export const OPEN_FRAME = 'o';
export const HEARTBEAT_FRAME = 'h';

/** Characters that some browser or proxy loses or changes, unless they are escaped. Control characters JSON escapes by itself. */
const QUIRKS = /[\u200c-\u200f\u2028-\u202f\u2060-\u206f\ufff0-\uffff]/g;

/** `a["…","…"]`: messages, each of which is UTF-8. */
export function messagesFrame(messages: readonly Uint8Array[]): string {
  return `a[${messages.map(quote).join(',')}]`;
}

export function closeFrame({ code, reason }: ClosingWord): string {
  return `c${JSON.stringify([code, reason])}`;
}

function quote(message: Uint8Array): string {
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('utf8');
  return JSON.stringify(text).replace(QUIRKS, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Messages of one payload; more are not what a chat client sends. */
const MAX_MESSAGES = 1_024;

export type Payload = { readonly messages: readonly Uint8Array[] } | { readonly problem: 'empty' | 'broken' };

/** What a client sends: a JSON array of strings or, over a WebSocket, one string. Empty messages are left out. */
export function decodePayload(text: string): Payload {
  if (text === '') return { problem: 'empty' };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: 'broken' };
  }
  const list: unknown[] = Array.isArray(json) ? json : [json];
  if (list.length > MAX_MESSAGES || !list.every((item) => typeof item === 'string')) return { problem: 'broken' };
  return { messages: list.filter((item) => item !== '').map((item) => Buffer.from(item)) };
}
