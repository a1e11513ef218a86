import { Api } from './api.js';
import { CatchUp } from './catch-up.js';
import { ChannelList } from './channel-list.js';
import { Channels } from './channels.js';
import type { ClientEvents } from './client-events.js';
import { FIXED, type CompleteOptions } from './client-options.js';
import { Connection, type Credential } from './connection.js';
import type { ConnectionState } from './connection-state.js';
import { Emitter } from './emitter.js';
import { toWarrenError, type WarrenError } from './errors.js';
import { TransportChoice } from './fallback-choice.js';
import { createLadder } from './fallback-ladder.js';
import { History } from './history.js';
import { Http } from './http.js';
import { LOCAL_CODES } from './link.js';
import { Outbox } from './outbox.js';
import { Receipts } from './receipts.js';
import { Receiver } from './receiver.js';
import { Schedule } from './schedule.js';
import { ServerList } from './server-list.js';
import { Session } from './session.js';
import { Keep } from './storage.js';
import { TeamPresence } from './team-presence.js';
import type { CommandFrame } from '../shared/protocol/frames.js';

export interface ClientHooks {
  onState(state: ConnectionState): void;
  onRevoked(error: WarrenError): void;
  onRefused(frame: CommandFrame, error: WarrenError): void;
}

export interface ClientParts {
  readonly emitter: Emitter<ClientEvents>;
  readonly schedule: Schedule;
  readonly keep: Keep;
  readonly http: Http;
  readonly session: Session;
  readonly api: Api;
  readonly channels: Channels;
  readonly list: ChannelList;
  readonly presence: TeamPresence;
  readonly receipts: Receipts;
  readonly history: History;
  readonly outbox: Outbox;
  readonly catchUp: CatchUp;
  readonly servers: ServerList;
  readonly connection: Connection;
}

/** Puts a client together: the only place where its parts get to know each other. */
export function createParts(options: CompleteOptions, hooks: ClientHooks): ClientParts {
  const emitter = new Emitter<ClientEvents>();
  const schedule = new Schedule(options);
  const servers = new ServerList();
  const keep = new Keep(options.storage, (error) => emitter.emit('error', { error: toWarrenError(error), during: 'storage' }));
  const choice = new TransportChoice({ allowed: options.transports, keep });
  const Socket = createLadder({ choice, WebSocket: options.WebSocket, fetch: options.fetch, schedule });
  keep.load().then(
    (kept) => choice.restore(kept),
    () => undefined,
  );
  const http = new Http({ baseUrl: options.baseUrl, fetch: options.fetch, schedule });
  const session = new Session({
    http,
    keep,
    now: options.now,
    region: options.region,
    preferServer: () => servers.inUse,
    onRevoked: (error) => hooks.onRevoked(error),
    onSession: (body) => servers.replace(body.servers),
  });
  const api = new Api(http, session);
  const { messagesPerChannel, pageSize } = options;
  const channels = new Channels({ schedule, keep, messagesPerChannel });
  const onChange: History['release'] = (channelId) => emitter.emit('timeline', { channelId });
  return { emitter, schedule, keep, http, session, api, channels, servers, ...createTraffic() };

  /** Connection, outbox, catch-up and receiver call each other. */
  function createTraffic(): Pick<ClientParts, 'list' | 'presence' | 'receipts' | 'history' | 'outbox' | 'catchUp' | 'connection'> {
    const me = (): ReturnType<ReceiverMe> => session.body?.user.id;
    const receipts = new Receipts({ api, schedule, emitter, me, link: () => connection.link });
    const list = new ChannelList({
      ...{ api, schedule, channels, emitter, receipts, me },
      catchUp: () => catchUp,
      onFresh: () => receiver.announceCaughtUp(),
    });
    const onDrain = (...[link, withinMs]: Parameters<Connection['drain']>): void => connection.drain(link, withinMs);
    const presence = new TeamPresence({ schedule, emitter, link: () => connection.link });
    const receiver: Receiver = new Receiver({
      schedule,
      channels,
      list,
      presence,
      receipts,
      emitter,
      me,
      outbox: () => outbox,
      catchUp: () => catchUp,
      onDrain,
    });
    const history = new History({ api, channels, pageSize, onChange, onPage: (...args) => receiver.onPage(...args) });
    const catchUp: CatchUp = new CatchUp({
      schedule,
      link: () => connection.link,
      chain: (channelId) => channels.feed(channelId)?.chain,
      onAnswer: (reply, ask) => receiver.onAnswer(reply, ask),
      answerTimeoutMs: FIXED.answerTimeoutMs,
    });
    const outbox: Outbox = new Outbox({
      schedule,
      keep,
      maxEntries: FIXED.outboxEntries,
      maxBytes: FIXED.outboxBytes,
      lateAckMs: FIXED.lateAckMs,
      ackTimeoutMs: FIXED.ackTimeoutMs,
      link: () => connection.link,
      events: {
        onLateAck: (link) => link.probe(),
        onAckTimeout: (link) => link.fail(LOCAL_CODES.ACK_TIMEOUT),
        onAcked: (frame, ack) => receiver.onAcked(frame, ack),
        onRefused: (frame, error) => hooks.onRefused(frame, error),
      },
    });
    const connection: Connection = createConnection({ receiver, outbox, catchUp });
    return { list, presence, receipts, history, outbox, catchUp, connection };
  }

  function createConnection(traffic: { receiver: Receiver; outbox: Outbox; catchUp: CatchUp }): Connection {
    const { receiver, outbox, catchUp } = traffic;
    return new Connection({
      ...{ schedule, servers, WebSocket: Socket, clientName: options.clientName },
      ...{ connectTimeoutMs: FIXED.connectTimeoutMs, pongTimeoutMs: FIXED.pongTimeoutMs, probeTimeoutMs: FIXED.probeTimeoutMs },
      lingerMs: FIXED.lingerMs,
      credential: () => readCredential(api, session, options.auth),
      renewCredential: () => session.refresh(session.body?.accessToken ?? ''),
      discover: async () => (await api.listServers({ region: options.region, prefer: servers.inUse })).servers,
      events: {
        onState: (state) => hooks.onState(state),
        onHello: (hello) => {
          receiver.onHello(hello);
          outbox.pump();
        },
        onFrame: (frame, link) => receiver.onFrame(frame, link),
        onLost: (link) => {
          catchUp.lost(link);
          outbox.lost(link);
        },
        onGarbage: (error) => emitter.emit('error', { error: toWarrenError(error), during: 'frame' }),
      },
    });
  }
}

type ReceiverMe = ConstructorParameters<typeof Receiver>[0]['me'];

async function readCredential(api: Api, session: Session, auth: 'token' | 'ticket'): Promise<Credential> {
  if (auth === 'token') return { token: await session.token() };
  const { ticket } = await api.createTicket();
  return { ticket };
}
