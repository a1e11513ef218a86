import type { Dialect } from './dialect.js';

type Frame = Readonly<Record<'type' | 'id' | 'channelId' | 'content', string>>;

/** The frames of `bench/peers/ws-server.mjs` and `literal-server.mjs`. */
export const PLAIN: Dialect = {
  joinsFrames: false,
  heartbeat: undefined,
  address: (user) => `${user.url}/?user=${user.id}`,
  greeting: () => undefined,
  encode: ({ to, channelId, clientId, content }) => JSON.stringify({ type: 'send', to, channelId, clientId, content }),
  decode: (text, incoming) => {
    const frame = JSON.parse(text) as Frame;
    if (frame.type === 'message') incoming.message(frame.channelId, frame.id, frame.content);
    else if (frame.type === 'ready') incoming.ready();
  },
};
