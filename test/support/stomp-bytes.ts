import { StompParser } from '../../server/transport/stomp/parser.js';
import type { StompFrame, StompLimits, StompVersion } from '../../server/transport/stomp/frame.js';

export const SMALL_LIMITS: StompLimits = { headers: 8, headBytes: 256, bodyBytes: 64 };

/** A parsed frame in a form that compares and reads well. */
export interface PlainFrame {
  readonly command: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function plain(frame: StompFrame | 'heart-beat'): PlainFrame | 'heart-beat' {
  if (frame === 'heart-beat') return frame;
  return { command: frame.command, headers: Object.fromEntries(frame.headers), body: frame.body.toString('latin1') };
}

/** What a parser makes of the chunks. */
export function parseAll(
  chunks: readonly (string | Uint8Array)[],
  options: { readonly version?: StompVersion | undefined; readonly limits?: StompLimits } = {},
): (PlainFrame | 'heart-beat')[] {
  const parser = new StompParser(options.limits ?? SMALL_LIMITS);
  parser.version = options.version;
  return chunks.flatMap((chunk) => [...parser.read(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)].map(plain));
}

/** Every way to cut the bytes in two, and all bytes apart. */
export function cuts(bytes: Uint8Array): readonly (readonly Uint8Array[])[] {
  const pairs = Array.from({ length: bytes.length - 1 }, (_, i) => [bytes.subarray(0, i + 1), bytes.subarray(i + 1)]);
  return [[bytes], ...pairs, Array.from(bytes, (_, i) => bytes.subarray(i, i + 1))];
}
