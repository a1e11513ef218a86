import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { EARLY_CONNECT_SUBPROTOCOL, findOfferedConnect } from '../../../shared/protocol/early-connect.js';
import type { EngineOptions } from './engine.js';

/** Appended to a key before it is hashed: RFC 6455 section 1.3. */
const KEY_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const KEY = /^[A-Za-z0-9+/]{22}==$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;

type Negotiable = Pick<EngineOptions, 'subprotocols' | 'earlyConnect'>;

/** What a client's list of subprotocols comes to. */
export interface Negotiated {
  /** The subprotocol to name in the answer, if any. */
  readonly agreed: string | undefined;
  /** The client's first message, when it came with the request. */
  readonly firstMessage: Uint8Array | undefined;
}

/** What an upgrade request is answered with: 101 and its header lines, or why not (status line and header lines). */
export type HandshakeAnswer =
  | { readonly accepted: true; readonly response: string; readonly firstMessage: Uint8Array | undefined }
  | { readonly accepted: false; readonly status: string; readonly headers: string };

/** RFC 6455 section 4.2. No extension is ever agreed to. */
export function answerHandshake(request: IncomingMessage, options: Negotiable): HandshakeAnswer {
  const { headers, method } = request;
  const key = headers['sec-websocket-key'];
  const offered = parseSubprotocols(headers['sec-websocket-protocol']);
  if (method !== 'GET') return refuse('405 Method Not Allowed', 'Allow: GET\r\n');
  if (headers.upgrade?.toLowerCase() !== 'websocket') return refuse('400 Bad Request');
  if (key === undefined || !KEY.test(key)) return refuse('400 Bad Request');
  if (headers['sec-websocket-version'] !== '13') return refuse('426 Upgrade Required', 'Sec-WebSocket-Version: 13\r\n');
  if (offered === undefined) return refuse('400 Bad Request');
  const { agreed, firstMessage } = negotiate(offered, options);
  const accept = hash('sha1', key + KEY_SUFFIX, 'base64');
  const protocolLine = agreed === undefined ? '' : `Sec-WebSocket-Protocol: ${agreed}\r\n`;
  const response = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${protocolLine}\r\n`;
  return { accepted: true, response, firstMessage };
}

/** RFC 6455 section 4.2.2, step 5: at most one of what the client offers. */
export function negotiate(offered: readonly string[], { subprotocols, earlyConnect }: Negotiable): Negotiated {
  const connect = earlyConnect === true ? findOfferedConnect(offered) : undefined;
  if (connect !== undefined) return { agreed: EARLY_CONNECT_SUBPROTOCOL, firstMessage: Buffer.from(connect) };
  return { agreed: subprotocols === undefined ? offered[0] : subprotocols.find((name) => offered.includes(name)), firstMessage: undefined };
}

function refuse(status: string, headers = ''): HandshakeAnswer {
  return { accepted: false, status, headers };
}

/** Undefined when the header is malformed, or names one twice. */
export function parseSubprotocols(header: string | undefined): readonly string[] | undefined {
  if (header === undefined) return [];
  const names = header.split(',').map((name) => name.trim());
  return names.every((name, i) => TOKEN.test(name) && names.lastIndexOf(name) === i) ? names : undefined;
}
