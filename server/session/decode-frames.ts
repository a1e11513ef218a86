import { ChatError } from '../../shared/errors/chat-error.js';
import { clientFrame, type ClientFrame } from '../../shared/protocol/frames.js';
import { LIMITS } from '../../shared/protocol/limits.js';
import { asPlainConnect } from './plain-connect.js';
import { asPlainSend } from './plain-send.js';

export type DecodedFrame = ClientFrame | ChatError;

/** The frames of one transport message; an error per bad frame, or one error for a message that cannot be taken apart. */
export function decodeFrames(message: Uint8Array): readonly DecodedFrame[] | ChatError {
  if (message.length > LIMITS.frameBytes) return new ChatError('TOO_LARGE', { details: { limit: LIMITS.frameBytes } });
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('utf8');
  if (!text.includes('\n')) return [decodeFrame(text)];
  const lines = text.split('\n', LIMITS.framesPerMessage + 1).filter((line) => line !== '');
  if (lines.length > LIMITS.framesPerMessage)
    return new ChatError('TOO_LARGE', { details: { limit: LIMITS.framesPerMessage, of: 'frames' } });
  return lines.map(decodeFrame);
}

function decodeFrame(text: string): DecodedFrame {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return new ChatError('BAD_JSON');
  }
  const plain = asPlainSend(json) ?? asPlainConnect(json);
  if (plain !== undefined) return plain;
  const parsed = clientFrame.safeParse(json);
  if (parsed.success) return parsed.data;
  return describeProblem(json, parsed.error.issues[0]);
}

/** Says which field is wrong, and carries the frame's clientId or requestId so that the answer finds its way. */
function describeProblem(json: unknown, issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined): ChatError {
  const frame = typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
  const reference = { ...shortText('clientId', frame), ...shortText('requestId', frame) };
  if (typeof frame['type'] !== 'string' || (issue?.path.length === 1 && issue.path[0] === 'type'))
    return new ChatError('UNKNOWN_FRAME', { details: reference });
  const field = issue?.path.map(String).join('.') ?? '';
  return new ChatError('INVALID_INPUT', { details: { ...reference, field, reason: issue?.message ?? 'invalid' } });
}

function shortText(name: 'clientId' | 'requestId', frame: Readonly<Record<string, unknown>>): Record<string, string> {
  const value = frame[name];
  return typeof value === 'string' && value.length <= LIMITS.clientIdChars ? { [name]: value } : {};
}
