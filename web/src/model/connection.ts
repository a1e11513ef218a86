import { signal } from '@preact/signals';
import { client } from './sdk.js';
import type { ConnectionState } from './types.js';

/** What the status line says. */
export type ConnectionView =
  | { readonly state: 'online'; readonly serverId: string }
  | { readonly state: 'connecting' }
  /** `retryAt` in ms since the epoch. */
  | { readonly state: 'waiting'; readonly retryAt: number }
  | { readonly state: 'offline' };

export const connection = signal<ConnectionView>({ state: 'connecting' });

export function startConnectionView(): void {
  client.on('connection', (state) => (connection.value = viewOf(state)));
  addEventListener('offline', () => (connection.value = { state: 'offline' }));
  addEventListener('online', () => {
    connection.value = viewOf(client.connection);
    client.wake();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') client.wake();
  });
}

export function reconnectNow(): void {
  if (client.connection.status === 'stopped') void client.connect().catch(() => undefined);
  else client.wake();
}

function viewOf(state: ConnectionState): ConnectionView {
  switch (state.status) {
    case 'online':
    case 'draining':
      return { state: 'online', serverId: state.serverId };
    case 'waiting':
      return navigator.onLine ? { state: 'waiting', retryAt: state.retryAt } : { state: 'offline' };
    case 'stopped':
      return { state: 'offline' };
    case 'idle':
    case 'connecting':
      return { state: 'connecting' };
  }
}
