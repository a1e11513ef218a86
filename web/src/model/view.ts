import { computed, signal } from '@preact/signals';
import type { ChannelId, TeamId, TimelineMessage } from './types.js';

/** What the page shows beside its data. The channel is in the address, so that back, forward and links work. */
export type Overlay =
  | { readonly kind: 'switcher' }
  | { readonly kind: 'new-message' }
  | { readonly kind: 'new-team' }
  | { readonly kind: 'browse-channels'; readonly teamId: TeamId }
  | { readonly kind: 'new-channel'; readonly teamId: TeamId }
  | { readonly kind: 'add-to-team'; readonly teamId: TeamId }
  | { readonly kind: 'members'; readonly channelId: ChannelId }
  | { readonly kind: 'add-to-channel'; readonly channelId: ChannelId }
  | { readonly kind: 'delete-message'; readonly message: TimelineMessage }
  | { readonly kind: 'leave'; readonly channelId: ChannelId };

export const overlay = signal<Overlay | undefined>(undefined);
export const drawerOpen = signal(false);

const address = signal(location.hash);
addEventListener('hashchange', () => {
  address.value = location.hash;
  drawerOpen.value = false;
});

export const currentChannelId = computed<ChannelId | undefined>(() => {
  const id = /^#\/c\/([0-9A-Z]{13})$/.exec(address.value)?.[1];
  return id as ChannelId | undefined;
});

export function channelAddress(channelId: ChannelId): string {
  return `#/c/${channelId}`;
}

export function showChannel(channelId: ChannelId): void {
  location.hash = channelAddress(channelId);
  drawerOpen.value = false;
  overlay.value = undefined;
}

export function showNoChannel(): void {
  if (location.hash !== '') location.hash = '';
}

export function showOverlay(next: Overlay): void {
  drawerOpen.value = false;
  overlay.value = next;
}

export function closeOverlay(): void {
  overlay.value = undefined;
}
