import type { Dialect, Incoming } from './dialect.js';

/** docs/reference/protocol.md. */
export const WARREN: Dialect = {
  joinsFrames: true,
  heartbeat: '{"type":"ping"}',
  address: (user) => user.url,
  greeting: (user) => JSON.stringify({ type: 'connect', version: 1, token: user.token, client: 'bench' }),
  encode: ({ channelId, clientId, content }) => JSON.stringify({ type: 'send', clientId, channelId, content }),
  decode: (text, incoming) => {
    for (const line of text.split('\n')) readFrame(line, incoming);
  },
};

type Frame = Readonly<Record<'type' | 'id' | 'channelId' | 'content' | 'clientId' | 'code', string>>;

function readFrame(text: string, incoming: Incoming): void {
  const frame = JSON.parse(text) as Frame;
  if (frame.type === 'message') incoming.message(frame.channelId, frame.id, frame.content);
  else if (frame.type === 'ack') incoming.ack(frame.clientId);
  else if (frame.type === 'hello') incoming.ready();
  else if (frame.type === 'error') incoming.error(frame.clientId, `${frame.code}: ${text}`);
}
