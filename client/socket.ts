/** What is needed of a WebSocket; the browser's and that of `ws` have it. */
export interface SocketLike {
  /** The subprotocol that was agreed on; empty, or undefined, when there is none. */
  readonly protocol?: string;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

export type SocketConstructor = new (url: string, protocols?: string[]) => SocketLike;
