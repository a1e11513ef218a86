import type { Dialect } from './dialect.js';

/**
 * Socket.IO 4 over its WebSocket transport, by hand, so that the client costs every system the same: `0` open, `2` ping, `3` pong,
 * `40` connect, `42` event (https://socket.io/docs/v4/socket-io-protocol/).
 */
export const SOCKET_IO: Dialect = {
  joinsFrames: false,
  heartbeat: undefined,
  address: (user) => `${user.url}/socket.io/?EIO=4&transport=websocket`,
  greeting: (user) => `40${JSON.stringify({ user: user.id, token: user.token })}`,
  encode: ({ to, channelId, clientId, content }) => `42${JSON.stringify(['send', { to, channelId, clientId, content }])}`,
  decode: (text, incoming) => {
    if (text.startsWith('42')) {
      const [event, data] = JSON.parse(text.slice(2)) as readonly [string, Readonly<Record<'id' | 'channelId' | 'content', string>>];
      if (event === 'message') incoming.message(data.channelId, data.id, data.content);
      else if (event === 'ready') incoming.ready();
    } else if (text === '2') incoming.reply('3');
    else if (text.startsWith('44')) incoming.error(undefined, text);
  },
};
