import { ChatError } from '../../shared/errors/chat-error.js';
import type { DeviceId, EventId, ServerId, SessionId, UserId } from '../../shared/domain/ids.js';
import { MemoryDeviceCursors } from '../../shared/adapters/memory/device-cursors.js';
import type { LogFields } from '../../shared/ports/index.js';
import type { HelloFrame } from '../../shared/protocol/frames.js';
import { decodeFrames } from '../../server/session/decode-frames.js';
import { decodePayload } from '../../server/transport/sockjs/framing.js';
import { routeOf } from '../../server/transport/sockjs/paths.js';
import { DecodedFrames } from '../../server/transport/stomp/decoded-frames.js';
import { StompConnection, type StompDeps } from '../../server/transport/stomp/stomp-connection.js';
import { TimingWheel } from '../../server/transport/stomp/timing-wheel.js';
import { SilentLogger } from './silent-logger.js';
import { wireFrame } from './stomp-wire.js';

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Takes one frame more; throws when something else than a refusal comes of it. */
export type Target = (bytes: Buffer) => void;

const ID = '0S9Z0RDTPHW00';
const JSON_SEEDS = [
  `{"type":"connect","version":1,"token":"a.b.c"}`,
  `{"type":"send","clientId":"c1","channelId":"${ID}","content":"안녕"}`,
  `{"type":"send","clientId":"c1","channelId":"${ID}","content":"x","mentions":["here"],"attachments":[{"type":"file","url":"https://a/b","name":"n","bytes":1}]}`,
  `{"type":"sync","requestId":"r","channels":[{"channelId":"${ID}","after":"","ids":["${ID}"]}]}`,
  `{"type":"react","clientId":"c2","channelId":"${ID}","messageId":"${ID}","emoji":"👍","action":"add"}\n{"type":"ping"}`,
];
const STOMP_SEEDS = [
  wireFrame('CONNECT', { 'accept-version': '1.0,1.1,1.2', 'heart-beat': '100,100', passcode: 'a.b.c' }),
  wireFrame('SUBSCRIBE', { id: 's', destination: `/topic/channels.${ID}`, ack: 'client', receipt: 'r' }),
  wireFrame('SUBSCRIBE', { id: 'm', destination: '/user/queue/messages', 'last-event-id': ID }),
  wireFrame('SEND', { destination: `/app/channels.${ID}`, 'client-id': 'c\\\\1', receipt: 'r' }, '안녕'),
  wireFrame('SEND', { destination: `/app/channels.${ID}`, 'content-length': '3', 'content-type': 'application/json' }, '{\0}'),
  wireFrame('ACK', { id: `1.${ID}`, 'message-id': ID, subscription: 's' }),
  wireFrame('UNSUBSCRIBE', { id: 's' }),
  wireFrame('DISCONNECT', { receipt: 'bye' }),
];
const SOCKJS_SEEDS = ['["a","b"]', '"a"', '[]', '["{\\"type\\":\\"ping\\"}"]', '/000/abc/xhr_send', '/iframe-1.html', '/a/b/websocket'];
const TOKENS = [
  '\n',
  '\r\n',
  '\0',
  ':',
  '\\',
  '\\c',
  '{',
  '}',
  '"',
  '[',
  ']',
  'content-length:',
  '999999999',
  '-1',
  '__proto__',
  '\u2028',
  '\xff',
  'null',
];

/** One of the seeds, changed a little or a lot. */
export function mutate(seeds: readonly string[], random: () => number): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit);
  let bytes = Buffer.from(seeds[below(seeds.length)] ?? '');
  for (let change = below(5); change > 0 && bytes.length > 0; change--) {
    const at = below(bytes.length);
    const kind = below(6);
    if (kind === 0) bytes[at] = below(256);
    else if (kind === 1) bytes = bytes.subarray(0, at);
    else if (kind === 2) bytes = bytes.subarray(at);
    else {
      const other = kind === 3 ? Buffer.from(seeds[below(seeds.length)] ?? '') : Buffer.from(TOKENS[below(TOKENS.length)] ?? '', 'latin1');
      bytes = Buffer.concat([bytes.subarray(0, at), other, bytes.subarray(kind === 4 ? Math.min(at + other.length, bytes.length) : at)]);
    }
  }
  return Buffer.from(bytes);
}

export const PROTOCOLS: Readonly<
  Record<'stomp' | 'sockjs' | 'json', { readonly seeds: readonly string[]; readonly open: (random: () => number) => Target }>
> = {
  json: { seeds: JSON_SEEDS, open: () => (bytes) => void decodeFrames(bytes) },
  sockjs: { seeds: SOCKJS_SEEDS, open: () => takeSockJs },
  stomp: { seeds: STOMP_SEEDS, open: openStomp },
};

function takeSockJs(bytes: Buffer): void {
  const text = bytes.toString('utf8');
  decodePayload(text);
  routeOf(text);
}

/** A STOMP connection above a session that agrees to everything; a new one for each that ended. Frames come in pieces. */
function openStomp(random: () => number): Target {
  const logger = new FailingLogger();
  const wheel = new TimingWheel({ now: () => 0 });
  const deps: StompDeps = {
    wheel,
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    decoded: new DecodedFrames(),
    cursors: new MemoryDeviceCursors(),
    channels: { listForUser: () => Promise.resolve([]) },
    logger,
    limits: { headers: 64, headBytes: 4_096, bodyBytes: 65_536 },
    beats: { sends: 5_000, wants: 10_000 },
    pingMs: 10_000,
    graceMs: 150,
  };
  let open = false;
  const connect = (): StompConnection => {
    open = true;
    const close = (): void => void (open = false);
    const inner = { transport: 'websocket', remoteAddress: '', bufferedBytes: 0, send: () => undefined, close } as const;
    const connection = new StompConnection(inner, deps);
    const answer = (frame: object): void => connection.send([Buffer.from(JSON.stringify(frame))]);
    connection.handler = {
      drained: () => undefined,
      closed: () => undefined,
      received: (message) => {
        const frames = decodeFrames(message);
        for (const frame of frames instanceof ChatError ? [frames] : frames)
          if (frame instanceof ChatError)
            answer({ type: 'error', code: frame.code, message: '', temporary: false, clientId: frame.details?.['clientId'] });
          else if (frame.type === 'connect') answer(HELLO);
          else if (frame.type === 'sync') answer({ type: 'synced', requestId: frame.requestId, channels: frame.channels.map(syncedOf) });
          else if (frame.type === 'send')
            answer({ type: 'ack', clientId: frame.clientId, channelId: frame.channelId, id: ID, prev: '', createdAt: '' });
      },
    };
    // Half of them say who they are first, so that what follows gets further.
    if (random() < 0.5) connection.received(Buffer.from(STOMP_SEEDS[0] ?? ''));
    return connection;
  };
  let connection = connect();
  return (bytes) => {
    if (!open) connection = connect();
    const cut = Math.floor(random() * bytes.length);
    connection.received(bytes.subarray(0, cut));
    connection.received(bytes.subarray(cut));
    wheel.stop();
  };
}

const HELLO: HelloFrame = {
  type: 'hello',
  version: 1,
  serverId: 'fuzz' as ServerId,
  sessionId: 'session' as SessionId,
  userId: ID as UserId,
  deviceId: ID as DeviceId,
  heartbeat: { intervalMs: 25_000, timeoutMs: 55_000 },
  limits: { contentChars: 1, frameBytes: 1, sendsPerSecond: 1 },
  serverTime: '',
};

function syncedOf({ channelId, after }: { readonly channelId: string; readonly after: EventId }) {
  return { channelId, messages: [], events: [], cursor: after, more: false, archivedThrough: after };
}

/** What nobody expected is logged as an error. */
class FailingLogger extends SilentLogger {
  override error = (fields?: LogFields): undefined => {
    throw fields?.['error'] instanceof Error ? fields['error'] : new Error('logged as an error');
  };
}
