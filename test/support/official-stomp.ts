import { Client, type IFrame, type IMessage } from '@stomp/stompjs';
import SockJS from 'sockjs-client';
import { WebSocket } from 'ws';
import type { ChannelId } from '../../shared/domain/ids.js';

/** The URL of STOMP, for a URL of `/ws`. */
export function stompUrl(wsUrl: string): string {
  return wsUrl.replace(/\/ws(\?.*)?$/, '/stomp');
}

/** How the official client gets to the server: by a WebSocket, or by SockJS with one of its transports. */
export type StompRoute = 'websocket' | 'sockjs' | 'xhr-streaming' | 'xhr-polling';

export type Headers = Readonly<Record<string, string>>;

export interface StompClientOptions {
  readonly url: string | (() => string);
  readonly route?: StompRoute;
  readonly headers?: Headers;
  /** Settings of the client itself. */
  readonly settings?: Partial<
    Pick<Client, 'heartbeatIncoming' | 'heartbeatOutgoing' | 'stompVersions' | 'forceBinaryWSFrames' | 'reconnectDelay'>
  >;
}

/** The official `@stomp/stompjs`, with what it was told kept in order. */
export class OfficialStomp {
  readonly client: Client;
  readonly messages: IMessage[] = [];
  readonly errors: IFrame[] = [];
  connected: IFrame | undefined;
  readonly closed: Promise<{ readonly code: number }>;
  #wake: () => void = () => undefined;
  #receipts = 0;

  constructor(options: StompClientOptions) {
    const { url, route = 'websocket', headers = {}, settings } = options;
    let closed: (event: { readonly code: number }) => void = () => undefined;
    this.closed = new Promise((resolve) => (closed = resolve));
    this.client = new Client();
    this.client.reconnectDelay = 0;
    this.client.webSocketFactory = () => openSocket(typeof url === 'string' ? url : url(), route) as never;
    this.client.connectHeaders = headers;
    this.client.onStompError = (frame) => {
      this.errors.push(frame);
      this.#wake();
    };
    this.client.onWebSocketClose = (event: { readonly code: number }) => {
      closed(event);
      this.#wake();
    };
    Object.assign(this.client, settings);
  }

  /** Resolves with CONNECTED; rejects when the connection ends before. */
  async connect(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.client.onConnect = (frame) => {
        this.connected = frame;
        resolve();
      };
      void this.closed.then(() => reject(new Error(this.errors[0]?.headers['code'] ?? 'closed')));
      this.client.activate();
    });
    return this;
  }

  /** Resolves with the next CONNECTED. */
  reconnected(): Promise<void> {
    return new Promise((resolve) => (this.client.onConnect = () => resolve()));
  }

  /** Resolves with the receipt of the subscription: it is in place. */
  async subscribe(destination: string, headers: Headers = {}): Promise<IFrame> {
    const receipt = this.#nextReceipt();
    const done = this.receipt(receipt);
    this.client.subscribe(destination, (message) => this.#take(message), withReceipt(headers, receipt));
    return done;
  }

  /** Resolves with the receipt: the message is durable. */
  async send(channelId: ChannelId, body: string, headers: Headers = {}): Promise<IFrame> {
    const receipt = this.#nextReceipt();
    const done = this.receipt(receipt);
    this.client.publish({ destination: `/app/channels.${channelId}`, body, headers: withReceipt(headers, receipt) });
    return done;
  }

  receipt(id: string): Promise<IFrame> {
    return new Promise((resolve) => this.client.watchForReceipt(id, resolve));
  }

  /** Waits until so many messages have come. */
  async until(count: number): Promise<readonly IMessage[]> {
    while (this.messages.length < count) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.messages;
  }

  /** Waits for an ERROR frame. */
  async error(): Promise<IFrame> {
    while (this.errors.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.errors[0] as IFrame;
  }

  stop(): Promise<void> {
    return this.client.deactivate({ force: true });
  }

  #nextReceipt(): string {
    return `r${++this.#receipts}`;
  }

  #take(message: IMessage): void {
    this.messages.push(message);
    this.#wake();
  }
}

export interface ToldMessage {
  readonly id: string;
  readonly content: string;
  readonly senderId: string;
}

/** The contents of what came, in the order in which it came. */
export function contentsOf(messages: readonly IMessage[]): readonly string[] {
  return messages.map((message) => (JSON.parse(message.body) as ToldMessage).content);
}

function openSocket(url: string, route: StompRoute): unknown {
  if (route === 'websocket') return new WebSocket(url, ['v12.stomp', 'v11.stomp', 'v10.stomp']);
  return new SockJS(url.replace(/^ws/, 'http'), undefined, route === 'sockjs' ? {} : { transports: [route] });
}

function withReceipt(headers: Headers, receipt: string): Headers {
  return { ...headers, receipt };
}
