import { offerConnect } from '../../../shared/protocol/early-connect.js';
import { PROTOCOL_VERSION } from '../../../shared/protocol/limits.js';
import type { Dialect, Incoming } from './dialect.js';

/** docs/reference/protocol.md. */
export const WARREN: Dialect = {
  joinsFrames: true,
  heartbeat: '{"type":"ping"}',
  address: (user) => user.url,
  subprotocols: (user) => offerConnect({ type: 'connect', version: PROTOCOL_VERSION, token: user.token, client: 'bench' }),
  greeting: () => undefined,
  encode: ({ channelId, clientId, content }) => JSON.stringify({ type: 'send', clientId, channelId, content }),
  // One parse for all frames of a message: cheaper than one each, and JSON has no raw line feed.
  decode: (text, incoming) => {
    for (const frame of JSON.parse(`[${text.replaceAll('\n', ',')}]`) as readonly Frame[]) readFrame(frame, incoming);
  },
};

type Frame = Readonly<Record<'type' | 'id' | 'channelId' | 'content' | 'clientId' | 'code' | 'message', string>>;

function readFrame(frame: Frame, incoming: Incoming): void {
  if (frame.type === 'message') incoming.message(frame.channelId, frame.id, frame.content);
  else if (frame.type === 'ack') incoming.ack(frame.clientId);
  else if (frame.type === 'hello') incoming.ready();
  else if (frame.type === 'error') incoming.error(frame.clientId, `${frame.code}: ${frame.message}`);
}
