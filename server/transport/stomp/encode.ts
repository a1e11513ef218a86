import type { StompVersion } from './frame.js';
import { escapeHeader, escapingOf } from './header-text.js';

export interface ServerStompFrame {
  readonly command: 'CONNECTED' | 'MESSAGE' | 'RECEIPT' | 'ERROR';
  /** In this order; undefined ones are left out. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | undefined;
}

export function encodeFrame(frame: ServerStompFrame, version: StompVersion | undefined): Buffer {
  const { command, headers, body = '' } = frame;
  const escaping = escapingOf(command, version);
  let head = `${command}\n`;
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) head += `${escapeHeader(name, escaping)}:${escapeHeader(value, escaping)}\n`;
  if (body !== '') head += `content-length:${Buffer.byteLength(body)}\n`;
  return Buffer.from(`${head}\n${body}\0`);
}
