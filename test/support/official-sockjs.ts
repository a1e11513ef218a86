import SockJS from 'sockjs-client';
import { PING } from './sockjs-service.js';

/** What the official client went through: its transport, the frames it got, how it ended. */
export interface Conversation {
  readonly transport: string;
  readonly frames: readonly string[];
  readonly code: number;
}

/** Connects with the official client in Node, says hello, pings several times, and leaves. */
export function converse(url: string, connectFrame: string, transports?: string[]): Promise<Conversation> {
  const options = { ...(transports === undefined ? {} : { transports }), timeout: 3_000 };
  const socket = new SockJS(url, undefined, options);
  const frames: string[] = [];
  let transport = '';
  return new Promise((resolve) => {
    socket.onopen = () => {
      transport = (socket as unknown as { readonly transport: string }).transport;
      socket.send(connectFrame);
    };
    socket.onmessage = ({ data }: { readonly data: string }) => {
      for (const line of data.split('\n')) frames.push((JSON.parse(line) as { readonly type: string }).type);
      if (frames.length < ROUNDS) socket.send(PING);
      else socket.close();
    };
    socket.onclose = ({ code }) => resolve({ transport, frames, code });
  });
}

const ROUNDS = 5;
export const WHOLE_CONVERSATION = ['hello', ...Array.from({ length: ROUNDS - 1 }, () => 'pong')];
/** Those that the official client offers in Node. */
export const NODE_TRANSPORTS = ['websocket', 'xhr-streaming', 'eventsource', 'xhr-polling'];
