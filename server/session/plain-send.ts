import { isId, type ChannelId, type ClientId } from '../../shared/domain/ids.js';
import type { SendFrame } from '../../shared/protocol/frames.js';
import { LIMITS } from '../../shared/protocol/limits.js';

const CLIENT_ID = /^[\x21-\x7e]{1,64}$/;

/**
 * The frame that is nearly all traffic, a plain text message, checked by hand: the same rules as `sendFrame` of the
 * protocol, at a fifth of the schema's cost. Anything else about a frame (mentions, attachments, a mistake) is the schema's to judge.
 */
export function asPlainSend(json: unknown): SendFrame | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { type, clientId, channelId, content, mentions, parentId, attachments, resend } = json as Readonly<Record<string, unknown>>;
  if (type !== 'send' || mentions !== undefined || parentId !== undefined || attachments !== undefined) return undefined;
  if (typeof clientId !== 'string' || !CLIENT_ID.test(clientId) || !isId(channelId)) return undefined;
  if (typeof content !== 'string' || content.length === 0 || content.length > LIMITS.contentChars) return undefined;
  const frame = { type, clientId: clientId as ClientId, channelId: channelId as ChannelId, content } as const;
  if (resend === undefined) return frame;
  return resend === true ? { ...frame, resend } : undefined;
}
