import { ChatError } from '../../../shared/errors/chat-error.js';
import { PROTOCOL_VERSION } from '../../../shared/protocol/limits.js';
import { STOMP_VERSIONS, type StompFrame, type StompVersion } from './frame.js';

/** The newest version that both sides speak. A client that says nothing speaks 1.0. @throws ChatError UNSUPPORTED_VERSION */
export function agreeOnVersion(acceptVersion: string | undefined): StompVersion {
  if (acceptVersion === undefined) return '1.0';
  const offered = acceptVersion.split(',').map((version) => version.trim());
  const agreed = STOMP_VERSIONS.find((version) => offered.includes(version));
  if (agreed === undefined) throw new ChatError('UNSUPPORTED_VERSION', { details: { supported: [...STOMP_VERSIONS] } });
  return agreed;
}

/** Who the frame speaks for, as the connect frame of the protocol says it. @throws ChatError UNAUTHENTICATED when it does not say. */
export function connectFrameOf({ headers }: StompFrame, version: StompVersion): Readonly<Record<string, unknown>> {
  return { type: 'connect', version: PROTOCOL_VERSION, client: `stomp/${version}`, ...credentialsOf(headers) };
}

/** A token as `Authorization: Bearer …`, a ticket as `ticket`, or either as the passcode, whatever the login: tokens have dots. */
function credentialsOf(headers: ReadonlyMap<string, string>): { readonly token: string } | { readonly ticket: string } {
  const authorization = headers.get('Authorization') ?? headers.get('authorization');
  const [, bearer] = /^Bearer +(\S+)\s*$/i.exec(authorization ?? '') ?? [];
  if (bearer !== undefined) return { token: bearer };
  const ticket = headers.get('ticket');
  if (ticket !== undefined) return { ticket };
  const passcode = headers.get('passcode') ?? '';
  if (passcode === '') throw new ChatError('UNAUTHENTICATED', { details: { reason: 'no token, ticket or passcode' } });
  return passcode.includes('.') ? { token: passcode } : { ticket: passcode };
}
